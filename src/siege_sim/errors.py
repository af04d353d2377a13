"""Errors that a person can act on: each says what is wrong, where, and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SiegeSimError(Exception):
    """Something a user can mend; the command line prints it and exits with ``exit_code``."""

    exit_code = 2


class ScenarioError(SiegeSimError):
    """A scenario that cannot be used: a file that is missing or broken, or says what cannot be."""


class RequestError(SiegeSimError):
    """A request that cannot be carried out: an impossible number of replicates, a path in the way."""


class WorkerLostError(SiegeSimError):
    """A worker process died, of want of memory perhaps."""

    exit_code = 74


class IncompleteError(SiegeSimError):
    """Work that could not be done whole; what was done is kept."""

    exit_code = 3


class VerificationError(SiegeSimError):
    """A stored result that is not what its checksums or fingerprints promise."""

    exit_code = 65


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the allowed name most like `name`, else ``""``."""
    close = difflib.get_close_matches(name, list(allowed), n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ""
