"""The words of a scenario file: names, texts, dates, sides and stores."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import StringConstraints

from siege_sim.quantities import Table, quantity

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=64)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Date = dt.date
SideName = Literal["defender", "attacker", "civilians"]
Language = Literal["en", "zh", "ja"]


class Named(Table):
    """What has a name, in English and, where one is known, in Chinese and Japanese.

    Attributes
    ----------
    name : in English
    name_zh, name_ja : in Chinese and in Japanese; left out where no name is established
    """

    name: Text
    name_zh: Text | None = None
    name_ja: Text | None = None


class Supply(Table):
    """The defender's stores on day 1; a store that is not stated is not counted."""

    shells: quantity("shells", most=1e9, whole=True) | None = None
    small_arms: quantity("rounds", most=1e12, whole=True) | None = None
    mortar_bombs: quantity("bombs", most=1e9, whole=True) | None = None
    grenades: quantity("grenades", most=1e9, whole=True) | None = None
    rice: quantity("kg", most=1e10, whole=True) | None = None
    medicine: quantity("patient-days", most=1e9, whole=True) | None = None


class SiegeTrain(Table):
    """The attacker's stores on day 1; a store that is not stated is not counted."""

    ammunition: quantity("kg", most=1e11, whole=True) | None = None


TABLE_OF = {**dict.fromkeys(Supply.model_fields, "supply"), **dict.fromkeys(SiegeTrain.model_fields, "siege_train")}
"""The table that states each store."""

STORES = tuple(TABLE_OF)
"""Every store that there can be, in the order of the store axis."""

Store = Literal[tuple(STORES)]
