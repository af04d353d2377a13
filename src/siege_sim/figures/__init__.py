"""Table of contents: the figures of a run, and how they become pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType, ModuleType

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes

from siege_sim.experiment.analysis.sensitivity import Sensitivity
from siege_sim.experiment.run import Run
from siege_sim.experiment.sweeps.design import Factor
from siege_sim.figures import ground, losses, response, sensitivity, siege
from siege_sim.figures.fonts import families, quietly

FIGURES = MappingProxyType({"siege": siege, "losses": losses, "ground": ground})

DPI = 150
"""Dots per inch, unless told otherwise: sharp on a screen, and in print at half the width."""


def render(figure: ModuleType, run: Run, dpi: float = DPI) -> bytes:
    """Return a figure of a run as a PNG picture, the same bytes for the same run.

    Parameters
    ----------
    figure : module
        One of `FIGURES`.
    run : Run
    dpi : float [1/inch]
    """
    with _look():
        return _png(figure.draw(run), dpi)


def render_response(
    frame: Mapping[str, np.ndarray], title: str, factors: Sequence[Factor], note: str = "", dpi: float = DPI
) -> bytes:
    """Return the figure of one response of a sweep as a PNG picture; see `response.draw`."""
    with _look():
        return _png(response.draw(frame, title, factors, note=note), dpi)


def render_sensitivity(found: Sensitivity, factors: Sequence[Factor], note: str = "", dpi: float = DPI) -> bytes:
    """Return the figure of the indices of one response as a PNG picture; see `sensitivity.draw`."""
    with _look():
        return _png(sensitivity.draw(found, factors, note), dpi)


@contextmanager
def _look() -> Iterator[None]:
    """Draw as matplotlib does by itself, whatever this machine's settings, with letters from more fonts."""
    with matplotlib.style.context("default"), matplotlib.rc_context({"font.family": families()}), quietly():
        yield


def _png(axes: Axes | np.ndarray, dpi: float) -> bytes:
    figure = np.ravel(axes)[0].figure
    picture = io.BytesIO()
    # A run's files are checked byte by byte, and matplotlib would sign the picture with its version.
    figure.savefig(picture, format="png", dpi=dpi, metadata={"Software": None})
    return picture.getvalue()
