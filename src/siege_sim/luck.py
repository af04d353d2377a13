"""Draws by name, as a process asks for them; expected numbers where chance is switched off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from siege_sim import sampling
from siege_sim.axes import grid
from siege_sim.streams import Streams
from siege_sim.theatre import Theatre

MEDIAN = float(np.log(2.0))
"""The hazard by which something has happened as likely as not."""


@dataclass(frozen=True)
class Luck:
    """Draws by name, for one process at one turn; expected numbers where chance is switched off."""

    streams: Streams
    process: str
    time: int
    day: int
    theatre: Theatre
    chance: bool = True

    def binomial(self, decision: str, side: str, men: np.ndarray, chance: np.ndarray | float) -> np.ndarray:
        """Draw how many of `men`, shape (replicate, unit of the side), it happens to."""
        return self.count(decision, self.theatre.names(side), men, chance)

    def count(self, decision: str, names: tuple[str, ...], trials: np.ndarray, chance: np.ndarray | float) -> np.ndarray:
        """Draw how many of `trials`, shape (replicate, name), it happens to; no word for whom it cannot."""
        if not self.chance:
            return trials * np.minimum(chance, 1.0)
        asked = np.flatnonzero((np.maximum.reduce(trials, axis=0) > 0) & (np.max(chance, axis=0) > 0.0))
        if len(asked) == len(names):
            return sampling.binomial(self.streams.words(self.process, decision, self.time, names), trials, chance)
        out = grid(*trials.shape, np.int32)
        if asked.size:
            words = self.streams.words(self.process, decision, self.time, [names[index] for index in asked])
            each = chance.T[asked].T if np.shape(chance)[1:] == trials.shape[1:] else chance
            out.T[asked] = sampling.binomial(words, trials.T[asked].T, each).T
        return out

    def happens(self, decision: str, names: tuple[str, ...], hazard: np.ndarray, met: np.ndarray) -> np.ndarray:
        """Draw whether something of this expected number (`hazard`) happens at all, for each name.

        Where chance is switched off, it happens as soon as it was as likely as not, by the hazard `met`
        before today and today's.
        """
        if not self.chance:
            return (hazard > 0.0) & (met + hazard >= MEDIAN)
        return self.streams.uniforms(self.process, decision, self.time, names) < -np.expm1(-hazard)

    def overdispersion(self, decision: str, names: tuple[str, ...], spread: np.ndarray | float) -> np.ndarray | float:
        """Draw a factor of mean 1 for each name, the same all day; `spread` as in `sampling.lognormal`."""
        if not self.chance:
            return 1.0
        return sampling.lognormal(self.streams.uniforms(self.process, decision, self.day, names), spread)
