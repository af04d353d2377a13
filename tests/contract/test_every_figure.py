"""What every figure of a run must satisfy, whatever it shows; new ones are found by themselves."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from bundled import SIEGES
from hand import changed
from matplotlib.figure import Figure
from matplotlib.image import imread

from siege_sim.experiment.run import Run, run
from siege_sim.figures import FIGURES, render
from siege_sim.processes import CONTENTS
from siege_sim.scenario import load

LOW = 40.0
"""Dots per inch of pictures that nobody looks at."""


def peaceful(tables: dict[str, Any]) -> None:
    """Take away all that happens: nobody is lost and nothing ends."""
    tables["calendar"], tables["records"] = [], []
    for name in CONTENTS:
        tables.pop(name, None)


def short(tables: dict[str, Any]) -> None:
    peaceful(tables)
    tables["clock"]["horizon"]["value"] = 1


def unrecorded(tables: dict[str, Any]) -> None:
    tables["records"] = []


RUNS = {
    "the small siege": lambda: run(load_small(), 6, 3),
    "one replicate": lambda: run(load_small(), 1, 3),
    "no records": lambda: run(changed(unrecorded), 3, 3),
    "nobody lost and nothing ends": lambda: run(changed(peaceful), 3, 3),
    "a single day": lambda: run(changed(short), 3, 3),
    "none kept": lambda: run(load_small(), 2, 3, keep=0),
    "expected numbers": lambda: run(changed(lambda tables: tables["clock"].update(chance=False)), 1, 3),
}
"""Runs at the edge of what there can be."""


def load_small() -> Any:
    return changed(lambda tables: None)


@cache
def finished(name: str) -> Run:
    return RUNS[name]() if name in RUNS else run(load(name), 4, 3)


each_figure = pytest.mark.parametrize("name", FIGURES)
USUAL = ("the small siege", "nobody lost and nothing ends")
each_run = pytest.mark.parametrize(
    "which", [*USUAL, *(pytest.param(which, marks=pytest.mark.check) for which in (*RUNS, *SIEGES) if which not in USUAL)]
)


@each_figure
def test_a_figure_says_what_it_draws_its_shapes_and_units(name):
    text = FIGURES[name].draw.__doc__
    assert FIGURES[name].__doc__.count("\n") == 0 or FIGURES[name].__doc__.partition("\n\n")[0].endswith(".")
    assert "Parameters" in text
    assert "Returns" in text
    assert re.search(r"\[[^\]]+\]", text), "which units?"


@each_run
@each_figure
def test_a_figure_is_drawn_of_any_run_and_leaves_nothing_open(name, which):
    before = plt.get_fignums()
    picture = imread(io.BytesIO(render(FIGURES[name], finished(which), LOW)))
    assert plt.get_fignums() == before
    assert min(picture.shape[:2]) > 100
    # something is drawn, and not only on one side
    ink = picture[..., :3].min(axis=2) < 0.95
    assert 0.002 < ink.mean() < 0.9


@each_figure
def test_the_same_run_gives_the_same_bytes_and_is_not_changed(name):
    siege = finished("the small siege")
    before = {column: np.array(siege.columns[column]) for column in siege.columns}, siege.daily, siege.kept
    assert render(FIGURES[name], siege, LOW) == render(FIGURES[name], siege, LOW)
    for column, values in before[0].items():
        np.testing.assert_array_equal(siege.columns[column], values)
    assert siege.daily.equals(before[1])
    assert siege.kept.equals(before[2])


@each_run
@each_figure
def test_every_panel_has_its_title_and_the_figure_the_siege_and_how_it_was_made(name, which):
    siege = finished(which)
    axes = [panel for panel in np.ravel(FIGURES[name].draw(siege)) if panel.get_visible()]
    figure = axes[0].figure
    told = " ".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))
    assert siege.scenario.title.split(",")[0][:20] in told
    assert f"{len(siege.columns['replicate'])}" in told
    assert any(panel.get_xlabel() for panel in axes)
    for panel in axes:
        rows = [label.get_text() for label in panel.get_yticklabels()]
        assert panel.get_title("left") or panel.get_title() or panel.get_ylabel() or any(map(str.isalpha, "".join(rows)))


@each_run
@each_figure
def test_nothing_is_cut_off_at_the_edge_of_the_picture(name, which):
    picture = imread(io.BytesIO(render(FIGURES[name], finished(which), LOW)))[..., :3]
    for edge in (picture[0], picture[-1], picture[:, 0], picture[:, -1]):
        assert (edge > 0.95).all()


@each_figure
def test_a_figure_draws_where_it_is_told_to(name):
    siege = finished("the small siege")
    own = np.ravel(FIGURES[name].draw(siege))
    figure = Figure(figsize=(11, 12))
    panels = figure.subplots(len(own), 1)
    given = FIGURES[name].draw(siege, panels)
    assert {id(panel) for panel in np.ravel(given)} <= {id(panel) for panel in figure.axes}
    assert all(panel.has_data() or panel.texts for panel in np.ravel(given))


def test_no_window_is_ever_opened():
    assert plt.get_fignums() == []
