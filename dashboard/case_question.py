"""What the page Underlag asks for: as the address says it, as its store holds it, and the addresses of what is beside.

The store comes back from the browser, so all of it is read anew, and every right is checked where the rows are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard.case_words import KINDS
from dashboard.components.link import address
from dashboard.deviation_address import NAMES, filter_of, parameters_of
from kpi.period import Period
from kpi.views.cases import DEVIATIONS
from kpi.views.deviation_filter import EVERY_ONE, DeviationFilter
from kpi.views.errors import NotFound

_LONGEST_WAY = 400
_LONGEST_KEY = 200
_MOST_DAYS = 3_650
_WAYS = ("/avvikelser", "/nyckeltal/")
"""Where a reader may have come from; no other address is led back to."""


@dataclass(frozen=True)
class Question:
    """Rows of a unit and month. `wanted`: of deviations, perhaps one by its key; `effect_days`: from a decided action
    to its assessed effect; `way`: the address that the reader came from."""

    dataset: str
    unit_code: str
    month: Period
    page: int = 1
    wanted: DeviationFilter = EVERY_ONE
    effect_days: int = 90
    way: str | None = None

    def store(self) -> dict[str, str | int]:
        """For the page's store: short texts and numbers."""
        found: dict[str, str | int] = {
            "dataset": self.dataset, "unit": self.unit_code, "month": str(self.month), "page": self.page,
            **parameters_of(self.wanted),
        }  # fmt: skip
        if self.dataset == DEVIATIONS:
            found |= {"due": self.wanted.due_days, "effect": self.effect_days}
        if self.way:
            found["way"] = self.way
        return found

    def href(self, *, page: int = 1) -> str:
        """The address of another page of the rows. No address names a row: it would be kept by browsers and servers."""
        more = {"sida": str(page) if page > 1 else None, "fran": self.way}
        code = KINDS[self.dataset].code
        return address(
            "/underlag", slag=code, enhet=self.unit_code, manad=str(self.month), **parameters_of(self.wanted), **more
        )

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
    due, effect = (_whole(store.get(name, usual), _MOST_DAYS) for name, usual in (("due", 60), ("effect", 90)))
    wanted = filter_of({name: store.get(name) for name in NAMES}, due)
    page = whole_page(store.get("page"))
    way = way_of(store.get("way"))
    return Question(str(store.get("dataset")), str(store.get("unit")), month, page, wanted, effect, way)


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
    is_ours = any(path == one or (one.endswith("/") and path.startswith(one)) for one in _WAYS)
    return told if is_ours and ".." not in path and "//" not in path and "\\" not in told else None


def way_back(way: str | None) -> tuple[str, str] | None:
    """The words and address of the page that the reader came from."""
    if way is None:
        return None
    return ("Avvikelser" if way.startswith(_WAYS[0]) else "Nyckeltalet"), way


def as_query(query: Mapping[str, str]) -> tuple[DeviationFilter, str | None]:
    """The address's deviations, without the definitions' days, and the way that it came."""
    return filter_of(query), way_of(query.get("fran"))
