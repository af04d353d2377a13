"""Errors that a person can act on: each says what is wrong, where, and what is allowed."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable


class SiegeSimError(Exception):
    """Something a user can mend; the command line prints it and exits with ``exit_code``."""

    exit_code = 2


class ScenarioError(SiegeSimError):
    """A scenario that cannot be used: a file that is missing or broken, or says what cannot be."""


class RequestError(SiegeSimError):
    """A request that cannot be carried out: an impossible number of replicates, a path in the way."""


class WorkerLostError(SiegeSimError):
    """Worker processes died of the same piece of work, of want of memory perhaps."""

    exit_code = 74


class IncompleteError(SiegeSimError):
    """Work that could not be done whole; what was done is kept."""

    exit_code = 3


class VerificationError(SiegeSimError):
    """A stored result that is not what its checksums or fingerprints promise."""

    exit_code = 65


MOST_COMPARED = 5000
"""Allowed names that are looked through for the nearest, far more than any scenario has."""


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the allowed name most like `name`, else ``""``."""
    close = difflib.get_close_matches(name[:80], itertools.islice(allowed, MOST_COMPARED), n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ""


HIDDEN = re.compile("[\0-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]")
"""Characters that are not seen but act: on a terminal, or on the order in which letters are shown.

The joiners U+200C and U+200D are not among them: some scripts are not written without.
"""


def visible(text: str) -> str:
    r"""Return text with every hidden character written out, such as ``\x1b``."""
    return HIDDEN.sub(lambda found: _written_out(found[0]), text)


def _written_out(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
