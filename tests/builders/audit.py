"""Chains of made-up events, for tests of the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from control.audit.event import START, Content, Event, follow
from kpi.access import Grant, Role, Viewer

NOON = datetime(2026, 10, 7, 10, 0, tzinfo=UTC)
"""A Wednesday, noon by the Swedish clock."""
DPO = Viewer("Dataskyddsombud", (Grant(Role.DPO, "1287"),))
CHIEF = Viewer("Förvaltningschef", (Grant(Role.CHIEF, "1287", frozenset({"1287-SN"})),))


def content(**more: Any) -> Content:
    """A read of rows, unless told otherwise."""
    plain = Content(
        at=NOON, actor="Enhetschef, Trelleborg", roles="unit_manager", action="rows_read", municipality_code="1287",
        board_code="1287-SN", unit_code="1287-N", resource="avvikelser", rows=("D1", "D2"), row_count=2,
        reason="uppföljning", details={},
    )  # fmt: skip
    return replace(plain, **more)


def chain(contents: Sequence[Content]) -> list[Event]:
    """The contents as a whole log."""
    found, at = list[Event](), START
    for one in contents:
        found.append(follow(at, one))
        at = found[-1].link
    return found


def series(count: int) -> list[Event]:
    """That many events, a minute apart."""
    return chain([content(at=NOON + timedelta(minutes=n), resource=f"läsning {n}") for n in range(count)])
