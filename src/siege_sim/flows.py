"""Flows: what a process proposes. `settlement` disposes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Move:
    """Men of the units in `units` go from one state to another.

    `men` has the shape (replicate, unit of the slice), never negative, whole numbers unless chance is
    switched off.
    """

    cause: str
    source: str
    target: str
    units: slice
    men: np.ndarray


@dataclass(frozen=True)
class Spend:
    """A store is drawn on: `amount`, a column (replicate, 1), or one number for all."""

    cause: str
    store: int
    amount: np.ndarray | int


@dataclass(frozen=True)
class Receive:
    """A store is filled up: `amount`, a column (replicate, 1), or one number for all."""

    cause: str
    store: int
    amount: np.ndarray | int


@dataclass(frozen=True)
class Shift:
    """A share changes by `change` and stays between 0 and 1.

    `quantity` is ``cohesion`` or ``armed`` (along units), ``works`` or ``approaches`` (along sectors), or
    ``galleries`` (along mines).
    """

    cause: str
    quantity: str
    along: slice
    change: np.ndarray


@dataclass(frozen=True)
class Fall:
    """The position that a sector holds is lost where `falls`, shape (replicate, sector), is true.

    `hazard` is what the fall was drawn from.
    """

    cause: str
    falls: np.ndarray
    hazard: np.ndarray | float = 0.0


@dataclass(frozen=True)
class Retake:
    """The position that a sector lost last is its own again where `taken`, (replicate, sector), is true.

    `works` is what is left of its works, same shape.
    """

    cause: str
    taken: np.ndarray
    works: np.ndarray


@dataclass(frozen=True)
class March:
    """A relief column has the next leg of its march behind it where `onward`, (replicate, column), is true."""

    cause: str
    onward: np.ndarray
    hazard: np.ndarray | float = 0.0


@dataclass(frozen=True)
class Spring:
    """A mine is fired where `fires`, shape (replicate, mine), is true."""

    cause: str
    fires: np.ndarray


@dataclass(frozen=True)
class Resolve:
    """A general assault goes on where `presses`, a column, is true; `line` are the men at its disposal."""

    cause: str
    presses: np.ndarray
    line: np.ndarray


@dataclass(frozen=True)
class End:
    """The siege ends where `ends`, a column (replicate, 1), is true."""

    cause: str
    outcome: str
    ends: np.ndarray
    hazard: np.ndarray | float = 0.0


Flow = Move | Spend | Receive | Shift | Fall | Retake | March | Spring | Resolve | End
