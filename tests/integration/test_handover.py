"""Handing a sample of rows to the auditor, on both databases: drawn by its seed, read as the rows are now."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import Engine, select

from control import handover
from control.handover import Now, hand_over, handovers, read_handed_over
from control.sampling import draw
from kpi.access import AccessDenied, Grant, Role, Viewer
from kpi.views.case_rows import Deviation
from tests.builders.case_world import APRIL, MARCH, REASON, auditor, chief, deviation, fill, logged, manager
from tests.builders.warehouse import deliver
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.handover_tables import row_handover_row

SAMPLES = ("1287-F", "1287-A", "1287-D", "1287-C")


def test_a_sample_is_drawn_by_its_seed_and_read_by_the_boards_auditor_only(engine: Engine) -> None:
    fill(engine)
    made = hand_over(engine, chief(), "deviations", "1287-C", APRIL, size=7, reason=REASON)
    assert (made.population, made.size, made.board_code, made.municipality_code) == (121, 7, "1287-SN", "1287")
    everyone = sorted(["C04-01", *(f"C{at:03}" for at in range(120))])
    expected = random.Random(made.seed).sample(everyone, 7)
    with reading(engine) as connection:
        stored = list(connection.scalars(select(row_handover_row.c.row_key).order_by(row_handover_row.c.row_no)))
    assert stored == expected
    found = read_handed_over(engine, auditor(), made.number)
    assert [one.key[1] for one in found.rows] == expected
    assert all(one.now is Now.HERE and one.case is not None for one in found.rows)
    lines = logged(engine)
    assert lines[-2][:2] == ("chef", "rows_handed_over")
    assert lines[-1][:2] == ("revisor", "rows_read")
    assert all(all(key in line[2] for key in expected) for line in lines[-2:])
    assert f"överlämning {made.number}, 7 av 121 rader, frö {made.seed}; 1287-C; skäl: {REASON}" in lines[-2][2]
    for other in (auditor("1287-BN"), chief(), manager("1287-C")):
        with reading(engine) as connection:
            assert handovers(connection, other) == ()
        with pytest.raises(AccessDenied):
            read_handed_over(engine, other, made.number)
    assert logged(engine) == lines


def test_an_auditor_of_a_part_of_the_board_reads_that_parts_samples_only(engine: Engine) -> None:
    fill(engine)
    made = {one: hand_over(engine, chief(), "deviations", one, MARCH, size=3, reason=REASON).number for one in SAMPLES}
    branch = {"branches": frozenset({"socialtjanst"})}
    for grant, read in (
        ({}, set(SAMPLES)),
        ({"units": frozenset({"1287-A"})}, {"1287-A", "1287-D"}),
        (branch, {"1287-C"}),  # A holds D, of another branch
        ({"units": frozenset({"1287-A"})} | branch, set()),
    ):
        who = Viewer("revisor", (Grant(Role.AUDITOR, "1287", frozenset({"1287-SN"}), **grant),))
        with reading(engine) as connection:
            assert {one.unit_code for one in handovers(connection, who)} == read
        for unit in set(SAMPLES) - read:
            with pytest.raises(AccessDenied):
                read_handed_over(engine, who, made[unit])


def test_the_auditor_reads_the_rows_as_they_are_now(engine: Engine) -> None:
    fill(engine)
    made = hand_over(engine, chief(), "deviations", "1287-F", MARCH, size=18 - 2, reason=REASON)
    keys = [one.key[1] for one in read_handed_over(engine, auditor(), made.number).rows]
    removed, moved, changed = keys[:3]
    day = "2025-03-10"
    deliver(engine, "2025-07-01", gone={"deviations": [deviation(removed, "1287-A", day)]})
    deliver(engine, "2025-07-01", deviations=[deviation(moved, "1287-G", day)])
    deliver(engine, "2025-07-01", deviations=[deviation(changed, "1287-A", day, category="utskrivning")])
    now = {one.key[1]: one for one in read_handed_over(engine, auditor(), made.number).rows}
    assert list(now) == keys
    assert (now[removed].now, now[removed].case) == (Now.REMOVED, None)
    assert (now[moved].now, now[moved].case) == (Now.MOVED, None)
    found = now[changed].case
    assert found is not None
    assert isinstance(found.row, Deviation)
    assert found.row.category == "utskrivning"


def test_who_may_hand_over_what(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = fill(sqlite_engine)
    for viewer, unit in (
        (manager("1287-A"), "1287-A"),
        (auditor(), "1287-A"),
        (chief("1287-BN"), "1287-A"),
        (chief(), "1287-B"),
    ):
        with pytest.raises(AccessDenied):
            hand_over(engine, viewer, "deviations", unit, MARCH, size=1, reason=REASON)
    for size, reason in ((0, REASON), (9, REASON), (1, "kort"), (1, None), (1, "Barnet 20150916-9809")):
        with pytest.raises(UserError):
            hand_over(engine, chief(), "deviations", "1287-A", MARCH, size=size, reason=reason)
    with pytest.raises(UserError, match="bytte nämnd"):
        hand_over(engine, chief("1287-SN", "1287-BN"), "deviations", "1287-B", MARCH, size=1, reason=REASON)
    both = Viewer("chef", manager("1287-D").grants + chief(branches=frozenset({"socialtjanst"})).grants)
    made = hand_over(engine, both, "deviations", "1287-A", MARCH, size=4, reason=REASON)
    assert made.population == 4, "only what the chief reaches as chief"
    assert len(logged(engine)) == 1

    def broken(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(handover, "record_keys", broken)
    with pytest.raises(OSError, match="full"):
        hand_over(engine, chief(), "deviations", "1287-A", MARCH, size=1, reason=REASON)
    with reading(engine) as connection:
        assert [one.number for one in handovers(connection, auditor())] == [made.number], (
            "what is not recorded is not done"
        )
    with pytest.raises(OSError, match="full"):
        read_handed_over(engine, auditor(), made.number)
    with reading(engine) as connection:
        assert len(handovers(connection, auditor())) == 1, "what cannot be recorded is not handed over"


def test_the_same_seed_draws_the_same_from_any_order() -> None:
    keys = [("1287", f"K{at:02}") for at in range(40)]
    assert draw(keys, 10, 5) == draw(keys[::-1], 10, 5)
    assert draw(keys, 10, 5) != draw(keys, 10, 6)
    assert len(set(draw(keys, 40, 1))) == 40
