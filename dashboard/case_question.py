"""What the page Underlag asks for: as the address says it, as its store holds it, and the addresses of what is beside.

The store comes back from the browser, so all of it is read anew, and every right is checked where the rows are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard.case_parameters import NAMES, cases_address, filter_of, parameters_of
from dashboard.places import ADDRESSES, place_at
from kpi.access import Place
from kpi.period import Period
from kpi.views.case_filter import EVERY_ONE, CaseFilter
from kpi.views.deviation_filter import USUAL_DAYS, DeviationFilter
from kpi.views.errors import NotFound

_LONGEST_WAY = 400
_LONGEST_KEY = 200
_MOST_DAYS = 3_650
_WAYS = frozenset({Place.DEVIATIONS, Place.FIGURES, Place.PROCESS, Place.CENTRES})
"""Where a reader may have come from; no other address is led back to."""


@dataclass(frozen=True)
class Question:
    """Rows of a unit and month. `wanted`: which of them, perhaps one by its key; `effect_days`: from a decided action
    to its assessed effect; `way`: the address that the reader came from."""

    dataset: str
    unit_code: str
    month: Period
    page: int = 1
    wanted: CaseFilter = EVERY_ONE
    effect_days: int = 90
    way: str | None = None

    def store(self) -> dict[str, str | int]:
        """For the page's store: short texts and numbers."""
        found: dict[str, str | int] = {
            "dataset": self.dataset, "unit": self.unit_code, "month": str(self.month), "page": self.page,
            **parameters_of(self.wanted),
        }  # fmt: skip
        if isinstance(self.wanted, DeviationFilter):
            found |= {"due": self.wanted.due_days, "effect": self.effect_days}
        if self.way:
            found["way"] = self.way
        return found

    def href(self, *, page: int = 1) -> str:
        """The address of another page of the rows. No address names a row: it would be kept by browsers and servers."""
        more = {"sida": str(page) if page > 1 else None, "fran": self.way}
        return cases_address(self.dataset, self.unit_code, self.month, self.wanted, **more)

    def about(self, key: str | None) -> Question:
        """The same, about one row; None: about all again."""
        return replace(self, wanted=replace(self.wanted, key=key))


def question_of(store: Any) -> Question:
    """What a store asks for; NotFound for what no page of ours has put there."""
    if not isinstance(store, dict):
        raise NotFound("Sidan är gammal. Ladda om den.")
    try:
        month = Period.parse(str(store.get("month")))
    except ValueError as error:
        raise NotFound(str(error)) from error
    due, effect = (_whole(store.get(name, usual), _MOST_DAYS) for name, usual in (("due", USUAL_DAYS), ("effect", 90)))
    dataset = str(store.get("dataset"))
    wanted = filter_of(dataset, {name: store.get(name) for name in NAMES}, due)
    page = whole_page(store.get("page"))
    way = way_of(store.get("way"))
    return Question(dataset, str(store.get("unit")), month, page, wanted, effect, way)


def whole_page(number: Any) -> int:
    """A page's number; NotFound for anything else."""
    return _whole(number, 999_999)


def _whole(number: Any, most: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= most:
        raise NotFound("Sidan finns inte. Ladda om den och välj i listan.")
    return number


def key_of(told: Any) -> str | None:
    """A row's key as a pressed button tells it."""
    if told is None or told == "":
        return None
    if not isinstance(told, str) or len(told) > _LONGEST_KEY:
        raise NotFound("Ärendet finns inte bland dem du läser. Välj ett i listan.")
    return told


def way_of(told: Any) -> str | None:
    """The page of ours that the reader came from; None for any other address."""
    if not isinstance(told, str) or len(told) > _LONGEST_WAY:
        return None
    path = told.partition("?")[0]
    is_plain = ".." not in path and "//" not in path and "\\" not in told
    return told if is_plain and place_at(path) in _WAYS and path != ADDRESSES[Place.FIGURES] else None


def way_back(way: str | None) -> tuple[str, str] | None:
    """The words and address of the page that the reader came from."""
    if way is None:
        return None
    place = place_at(way.partition("?")[0])
    return ("Nyckeltalet" if place is Place.FIGURES else str(place)), way


def as_query(dataset: str, query: Mapping[str, str]) -> tuple[CaseFilter, str | None]:
    """The address's rows, without the definitions' days, and the way that it came."""
    return filter_of(dataset, query), way_of(query.get("fran"))
