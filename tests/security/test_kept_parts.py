"""What is kept of pages goes to readers with the very same rights alone, and is gone as soon as anything changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine, text

from dashboard import kept
from dashboard.context import Context
from dashboard.kept import by_rights, stamp_of
from kpi.access import Grant, Role, Viewer
from kpi.live import LiveState
from warehouse import clock
from warehouse.database import reading, writing


@pytest.fixture(autouse=True)
def _nothing_is_kept_yet() -> Iterator[None]:
    kept._kept.clear()
    yield
    kept._kept.clear()


def _context(viewer: Viewer, stamp: Any, on_disk: bytes = b"one") -> Context:
    """What a request knows, with nothing to read."""
    nothing: Any = None
    definitions = LiveState(nothing, b"one", on_disk)
    return Context(viewer, nothing, definitions, nothing, {}, stamp=stamp)


GRANTS = (
    Grant(Role.PRESIDIUM, "1287", frozenset({"1287-SN"})),
    Grant(Role.MEMBER, "1287", frozenset({"1287-SN"})),
    Grant(Role.PRESIDIUM, "1287", frozenset({"1287-BN"})),
    Grant(Role.PRESIDIUM, "1263", frozenset({"1287-SN"})),
    Grant(Role.PRESIDIUM, "1287", frozenset({"1287-SN"}), frozenset({"1287-SN-A"})),
    Grant(Role.PRESIDIUM, "1287", frozenset({"1287-SN"}), branches=frozenset({"skola"})),
)


def test_who_differs_in_any_right_shares_nothing_and_who_does_not_does() -> None:
    stamp = (object(), 1)
    rights = [(), *((one,) for one in GRANTS), *(pair for pair in product(GRANTS, repeat=2) if pair[0] != pair[1])]
    made = [by_rights(_context(Viewer("a", one), stamp), "x", 1, lambda _: object()) for one in rights]
    assert len(set(map(id, made))) == len(rights) > 30
    again = by_rights(_context(Viewer("b", rights[-1], "tag"), stamp), "x", 1, lambda _: object())
    assert again is made[-1]


def test_it_is_made_for_nobody_by_name() -> None:
    viewer = Viewer("Namnet", (GRANTS[0],), "tagg")
    context = replace(_context(viewer, (object(), 1)), query={"enhet": "x"})
    seen = by_rights(context, "x", 1, lambda nameless: nameless)
    assert seen.viewer == Viewer("", (GRANTS[0],))
    assert seen.query == {}


def test_everything_that_it_depends_on_makes_it_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = object()
    viewer = Viewer("a", (GRANTS[0],))

    def made(stamp: Any = (watched, 1), name: str = "x", question: int = 1, on_disk: bytes = b"one") -> object:
        return by_rights(_context(viewer, stamp, on_disk), name, question, lambda _: object())

    first = made()
    assert made() is first
    others = [made(name="y"), made(question=2), made(on_disk=b"two"), made(stamp=(object(), 1))]
    assert first not in others
    monkeypatch.setattr(clock, "today", lambda: clock.now().date().replace(year=2001))
    assert made() is not first
    monkeypatch.undo()
    assert made() is first
    assert made(stamp=(watched, 2)) is not first
    assert len(kept._kept) == 2, "what no stamp leads to any more is let go"
    assert made(stamp=None) is not made(stamp=None)
    for at in range(2 * kept.MOST):
        made(stamp=(watched, 2), question=at)
    assert len(kept._kept) == kept.MOST


def test_a_refusal_or_an_error_is_never_kept() -> None:
    context = _context(Viewer("a", (GRANTS[0],)), (object(), 1))

    def fails(_context: Context) -> object:
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            by_rights(context, "x", 1, fails)
    assert by_rights(context, "x", 1, lambda _: "made") == "made"


def test_any_commit_changes_the_stamp(engine: Engine) -> None:
    """Also one of the same process, of any table; what is read or undone does not need to."""
    before = stamp_of(engine)
    assert before is not None
    for number in range(2):
        with writing(engine) as connection:
            connection.execute(text(f"create table stamped_{number} (one integer)"))
        after = stamp_of(engine)
        assert after != before
        before = after
    with writing(engine) as connection:
        connection.execute(text("insert into stamped_0 values (1)"))
        assert stamp_of(engine) == before or engine.dialect.name == "postgresql", "not yet"
    assert stamp_of(engine) != before

    def is_quiet() -> bool:
        """Another database of the same server may have committed between."""
        first = stamp_of(engine)
        with reading(engine) as connection:
            connection.execute(text("select * from stamped_0")).all()
        return stamp_of(engine) == first

    assert any(is_quiet() for _ in range(50))
