"""The chain by itself: hashes worked out by hand, and every way of tampering with it found."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.audit.event import FIRST_HASH, START, Content, Event, Link, follow
from control.audit.verify import Walk
from tests.builders.audit import NOON, content, series

LOG = series(9)
ENDS = {LOG[-1].event_no: LOG[-1].hash}
"""An anchor of the whole log."""

OTHER: dict[str, Any] = {
    "at": NOON + timedelta(seconds=1), "actor": "Controller", "roles": "controller", "action": "export",
    "municipality_code": "1263", "board_code": None, "unit_code": "1287-S", "resource": "annat", "rows": ("D1",),
    "row_count": 3, "reason": None, "details": {"x": 1},
}  # fmt: skip


def problems(events: list[Event], anchors: dict[int, str] | None = None, begins: Link = START) -> list[str]:
    walk = Walk(begins, anchors or {})
    return [one.sentence for one in (*walk.follow(events), *walk.end())]


def test_the_hash_is_sha256_of_the_one_before_and_the_canonical_json() -> None:
    first = follow(START, content(rows=None, row_count=None, details={"å": [1, None]}))
    told = (
        '{"action":"rows_read","actor":"Enhetschef, Trelleborg","at":"2026-10-07T10:00:00.000000+00:00",'
        '"board_code":"1287-SN","details":{"å":[1,null]},"event_no":1,"municipality_code":"1287","reason":"uppföljning",'
        '"resource":"avvikelser","roles":"unit_manager","row_count":null,"rows":null,"unit_code":"1287-N"}'
    )
    assert first.hash == hashlib.sha256(f"{'0' * 64}\n{told}".encode()).hexdigest()
    assert (first.event_no, first.previous_hash) == (1, FIRST_HASH)
    assert follow(first.link, content()).previous_hash == first.hash


def test_a_moment_is_the_same_in_every_zone() -> None:
    swedish = NOON.astimezone(timezone(timedelta(hours=2)))
    assert follow(START, content(at=swedish)).hash == follow(START, content(at=NOON)).hash


def test_a_whole_log_holds_and_so_does_the_rest_of_a_purged_one() -> None:
    assert problems(LOG, ENDS) == []
    assert problems(LOG[4:], ENDS, LOG[3].link) == []
    assert problems([]) == []


def test_every_field_is_known_to_the_tests() -> None:
    assert set(OTHER) == {field.name for field in fields(Content)}


@given(at=st.integers(0, 8), name=st.sampled_from(sorted(OTHER)))
def test_a_changed_field_is_found_where_it_is(at: int, name: str) -> None:
    changed = [*LOG]
    changed[at] = replace(LOG[at], **{name: OTHER[name]})
    assert problems(changed)[0].startswith(f"Händelse {at + 1} är ändrad")


@given(at=st.integers(0, 8), name=st.sampled_from(sorted(OTHER)))
def test_a_change_with_a_new_hash_is_found_by_what_follows_or_by_the_anchor(at: int, name: str) -> None:
    changed = [*LOG]
    before = LOG[at - 1].link if at else START
    told = {field.name: getattr(LOG[at], field.name) for field in fields(Content)}
    changed[at] = follow(before, Content(**(told | {name: OTHER[name]})))
    assert changed[at].is_intact
    assert problems(changed, ENDS)


@given(first=st.integers(0, 8), count=st.integers(1, 9))
def test_removed_events_are_found_also_the_last_by_an_anchor(first: int, count: int) -> None:
    rest = [*LOG[:first], *LOG[first + count :]]
    found = problems(rest, ENDS)
    last = min(first + count, 9)
    named = f"Händelse {first + 1}" if last == first + 1 else f"Händelse {first + 1}–{last}"
    assert found[0].startswith(f"{named} saknas")


@given(one=st.integers(0, 8), other=st.integers(0, 8))
def test_events_that_change_places_are_found(one: int, other: int) -> None:
    moved = [*LOG]
    moved[one], moved[other] = LOG[other], LOG[one]
    assert bool(problems(moved)) == (one != other)
    renumbered = [replace(event, event_no=number) for number, event in enumerate(moved, start=1)]
    assert bool(problems(renumbered)) == (one != other)


@given(at=st.integers(0, 8))  # one more at the end is how a log grows
def test_an_inserted_event_is_found(at: int) -> None:
    before = LOG[at - 1].link if at else START
    inserted = [*LOG[:at], follow(before, content(resource="insatt")), *LOG[at:]]
    assert problems(inserted, ENDS)
    renumbered = [replace(event, event_no=number) for number, event in enumerate(inserted, start=1)]
    assert problems(renumbered, ENDS)


def test_a_log_made_anew_is_found_by_the_anchor_alone() -> None:
    anew = series(9)
    assert problems(anew, ENDS) == []
    other = follow(START, content(at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert problems([other]) == []
    assert "loggen är omgjord" in problems([other], {1: LOG[0].hash})[0]


@pytest.mark.parametrize("begins", [LOG[3].link, Link(4, "f" * 64)])
def test_a_purge_is_held_against_the_anchor(begins: Link) -> None:
    found = problems([], {4: LOG[3].hash}, begins)
    assert found == ([] if begins == LOG[3].link else ["Gallringen fram till händelse 4 stämmer inte med ankaret."])
