"""Random expressions of the little language over a few columns, and random rows with gaps in them."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from kpi.tokens import Scope
from kpi.tree import ColumnType, Type

STABLE = settings(derandomize=True, database=None, deadline=None)
"""The same examples in every run, so that CI is stable."""

_DAY = ColumnType(Type.DAY)
_ACTOR = ColumnType(Type.CODE, ("skola", "bup", "none"))
SCOPE = Scope(
    "leveransen sips",
    {
        "met_on": _DAY,
        "closed_on": _DAY,
        "birth_date": _DAY,
        "consent": ColumnType(Type.CODE, ("given", "declined", "full")),
        "actor": _ACTOR,
        "caller": _ACTOR,
        "attended": ColumnType(Type.BOOLEAN),
        "mandate": ColumnType(Type.BOOLEAN),
        "note": ColumnType(Type.TEXT),
        "rounds": ColumnType(Type.NUMBER),
    },
    {"established": "met_on is not null and consent <> declined", "present": "attended or established"},
    {"grace_days": 14, "months_back": 6},
)
_DAYS = ("met_on", "closed_on", "birth_date")
_LIMITS = [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2023, 12, 31), date(2008, 2, 29)]


def random_rows(count: int) -> list[dict[str, Any]]:
    """Rows, always the same; days lie close together and often at a month's end, so that limits are met."""
    random = Random(20260101)

    def value(type_: ColumnType) -> Any:
        if random.random() < 0.2:
            return None
        match type_.type:
            case Type.DAY:
                close = date(2023, 12, 1) + timedelta(days=random.randrange(120))
                far = date(2000, 1, 1) + timedelta(days=random.randrange(9000))
                return random.choice([random.choice(_LIMITS), close, close, far])
            case Type.CODE:
                return random.choice(type_.codes)
            case Type.BOOLEAN:
                return random.random() < 0.5
            case Type.NUMBER:
                return random.randrange(40)
            case Type.TEXT:
                return random.choice(["ja", "it's"])

    return [{name: value(type_) for name, type_ in SCOPE.columns.items()} for _ in range(count)]


_names = st.sampled_from(_DAYS)
_steps = st.one_of(
    st.integers(0, 400).map(lambda by: f"{by} days"),
    st.integers(0, 30).map(lambda by: f"{by} months"),
    st.integers(0, 20).map(lambda by: f"{by} years"),
    st.sampled_from(["grace_days days", "months_back months"]),
)
_moved = st.builds("{} {} {}".format, _names, st.sampled_from("+-"), _steps)
days = st.one_of(_names, _moved, st.builds("({}) {} {}".format, _moved, st.sampled_from("+-"), _steps))
numbers = st.one_of(
    st.just("rounds"), st.builds("{} between {} and {}".format, st.sampled_from(["days", "years"]), _names, _names)
)
_signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
_equal = st.sampled_from(["=", "<>"])
_consents = st.sampled_from(["given", "declined", "full"])
_lists = st.lists(_consents, min_size=1, max_size=3).map(", ".join)
_leaves = st.one_of(
    st.builds("{} {} {}".format, days, _signs, days),
    st.builds("{} {} '{}'".format, days, _signs, st.dates(date(2023, 1, 1), date(2024, 12, 31))),
    st.builds("{} {} {}".format, numbers, _signs, st.one_of(st.integers(0, 60).map(str), st.sampled_from(["rounds"]))),
    st.builds("consent {} {}".format, _equal, _consents),
    st.builds("actor {} {}".format, _equal, st.sampled_from(["skola", "none", "caller"])),
    st.builds("consent {}in ({})".format, st.sampled_from(["", "not "]), _lists),
    st.builds("note {} 'it''s'".format, _equal),
    st.builds("{} is {}null".format, st.sampled_from([*SCOPE.columns]), st.sampled_from(["", "not "])),
    st.sampled_from(["attended", "not attended", "attended is null", "mandate", "established", "present"]),
)
conditions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("{} {} {}".format, inner, st.sampled_from(["and", "or", "and not"]), inner),
    ),
    max_leaves=6,
)
