"""Which deviations an address means, and the address of some: Swedish words without å, ä and ö, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from dashboard.components.link import address
from kpi.deviations import Side
from kpi.period import Period
from kpi.views.deviation_filter import EVERY_ONE, Back, DeviationFilter, Order, Standing
from kpi.views.errors import NotFound
from warehouse.contract import ACTORS, DEVIATION_CATEGORIES

BACKS = {"manad": Back.MONTH, "ar": Back.YEAR, "hela": Back.ALL}
STANDINGS = {
    "oppna": Standing.OPEN,
    "oppna-0-30": Standing.OPEN_30,
    "oppna-31-60": Standing.OPEN_60,
    "oppna-61-90": Standing.OPEN_90,
    "oppna-over-90": Standing.OPEN_LONG,
    "avslutade": Standing.CLOSED,
    "utan-aterkoppling": Standing.UNANSWERED,
    "aterkoppling-i-tid": Standing.ANSWERED_IN_TIME,
    "aterkoppling-sen": Standing.ANSWERED_LATE,
    "aterkoppling-vantar": Standing.WAITING,
    "aterkoppling-forfallen": Standing.OVERDUE,
    "utan-atgard": Standing.WITHOUT_ACTION,
}
SIDES = {"vi": Side.OURS, "motparten": Side.THEIRS}
ORDERS = {
    "aldst": Order.OLDEST, "nyast": Order.NEWEST, "enhet": Order.UNIT, "kategori": Order.CATEGORY,
    "motpart": Order.COUNTERPART,
}  # fmt: skip
NAMES = ("tid", "lage", "kategori", "motpart", "rapporterad-av", "svarar", "ordning")
"""The parameters that say which deviations; a page of them has the same in its store."""
T = TypeVar("T")


def filter_of(query: Mapping[str, Any], due_days: int = EVERY_ONE.due_days) -> DeviationFilter:
    """What the parameters mean; NotFound for what is none of their words."""
    return DeviationFilter(
        back=_one(BACKS, query, "tid") or Back.MONTH,
        category=_one({one: one for one in DEVIATION_CATEGORIES}, query, "kategori"),
        counterpart=_one(_ACTORS, query, "motpart"),
        reporter=_one(_ACTORS, query, "rapporterad-av"),
        side=_one(SIDES, query, "svarar"),
        standing=_one(STANDINGS, query, "lage"),
        order=_one(ORDERS, query, "ordning") or Order.OLDEST,
        due_days=due_days,
    )


_ACTORS = {one: one for one in ACTORS}


def _one(words: Mapping[str, T], query: Mapping[str, Any], name: str) -> T | None:
    told = query.get(name)
    if not told:
        return None
    if not isinstance(told, str) or told not in words:
        raise NotFound("Urvalet av avvikelser finns inte. Välj i listorna.")
    return words[told]


def parameters_of(wanted: DeviationFilter) -> dict[str, str]:
    """The parameters that mean this; what is usual is not told."""
    found = {
        "tid": "" if wanted.back is Back.MONTH else _word(BACKS, wanted.back),
        "lage": _word(STANDINGS, wanted.standing),
        "kategori": wanted.category,
        "motpart": wanted.counterpart,
        "rapporterad-av": wanted.reporter,
        "svarar": _word(SIDES, wanted.side),
        "ordning": "" if wanted.order is Order.OLDEST else _word(ORDERS, wanted.order),
    }
    return {name: word for name, word in found.items() if word}


def _word(words: Mapping[str, Any], meant: object) -> str:
    return next((word for word, one in words.items() if one == meant), "")


def cases_address(unit_code: str, month: Period, wanted: DeviationFilter, **more: str | None) -> str:
    """Where the deviations themselves are read. `more`: which page, and the way back."""
    return address("/underlag", slag="avvikelser", enhet=unit_code, manad=str(month), **parameters_of(wanted), **more)


def deviations_address(
    unit_code: str,
    month: Period,
    category: str | None = None,
    counterpart: str | None = None,
    came_from: str | None = None,
) -> str:
    """The page Avvikelser of a place and month, narrowed. `came_from`: the figure that its way back leads to."""
    query = {"kategori": category, "motpart": counterpart, "nyckeltal": came_from}
    return address("/avvikelser", enhet=unit_code, manad=str(month), **query)
