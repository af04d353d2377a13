"""One spelling of everything that means the same, so that a scenario's hash does not depend on how it is written."""

from __future__ import annotations

import math
from typing import Any

from pydantic import BaseModel

from siege_sim.quantities import Quantity


def canonical(written: Any, checked: Any) -> Any:
    """Return tables as written, with every number as a table in the unit that its key demands.

    Parameters
    ----------
    written : tables, or a part of them
    checked : the same part of the checked document
    """
    if isinstance(checked, Quantity):
        return _number(written, checked)
    if isinstance(checked, BaseModel):
        return {name: canonical(value, getattr(checked, name)) for name, value in written.items()}
    if isinstance(checked, dict):
        return {name: canonical(value, checked[name]) for name, value in written.items()}
    if isinstance(checked, tuple) and isinstance(written, list | tuple):
        return [canonical(*pair) for pair in zip(written, checked, strict=True)]
    return written


def _number(written: Any, checked: Quantity) -> dict[str, Any]:
    table = written if isinstance(written, dict) else {}
    bounds = {name: getattr(checked, name) for name in ("value", "low", "high") if name in table or name == "value"}
    changed = {name: _plain(number) for name, number in bounds.items() if table.get(name) != number or _minus_zero(number)}
    return {**table, **changed, "unit": checked.unit}


def _plain(number: float) -> float | int:
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _minus_zero(number: float) -> bool:
    return number == 0 and math.copysign(1.0, number) < 0
