"""The log on both databases: it is only ever added to, by many at a time, and purged by a decision alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from control.audit.actions import Action
from control.audit.anchor import Anchor, read_anchors, write_anchor
from control.audit.log import record
from control.audit.reading import Filter, read_log
from control.audit.retention import Retention, purge, retention_of
from control.audit.verify import verify
from kpi.access import OPERATOR, AccessDenied, Grant, Role, Viewer
from tests.builders.audit import CHIEF, DPO
from warehouse import clock
from warehouse.audit_tables import access_review, audit_checkpoint, audit_event
from warehouse.database import open_engine, reading, writing
from warehouse.errors import UserError
from warehouse.settings import Settings

KEPT = Retention(2, "KS 2026-03-02 § 45, dnr KS 2026/12")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def fill(engine: Engine, *moments: datetime) -> None:
    with writing(engine) as connection:
        for at in moments:
            record(connection, CHIEF, Action.EXPORT, f"fil {at:%Y-%m-%d}", at=at)


def numbers(engine: Engine) -> list[int]:
    with reading(engine) as connection:
        return list(connection.scalars(select(audit_event.c.event_no).order_by(audit_event.c.event_no)))


def sentences(
    engine: Engine, anchors: dict[int, Anchor] | None = None, retention: Retention | None = None
) -> list[str]:
    return [one.sentence for one in verify(engine, anchors, retention=retention).problems]


def test_an_event_is_read_back_as_it_was_recorded(engine: Engine) -> None:
    kept = record(
        engine, CHIEF, Action.ROWS_READ, "avvikelser", unit_code="1287-N", rows=["D1", "D2"], reason="uppföljning",
        details={"share": 0.1, "none": None, "list": [1, "å"]},
    )  # fmt: skip
    with reading(engine) as connection:
        page = read_log(connection, DPO, "1287", Filter(), limit=10)
    assert page.events == (kept,)
    assert (kept.municipality_code, kept.roles, kept.row_count) == ("1287", "chief", 2)
    assert sentences(engine) == []


def test_texts_that_a_database_cannot_hold_are_recorded_all_the_same(engine: Engine) -> None:
    kept = record(engine, CHIEF, Action.ACCESS_REFUSED, "/a\x00b\ud800" + "x" * 500, details={"z": "\x00"})
    assert kept.resource.startswith("/ab?x")
    assert len(kept.resource) == 300
    assert sentences(engine) == []


def test_many_append_at_a_time_and_the_chain_never_forks(engine: Engine) -> None:
    others = [open_engine(engine.url.render_as_string(hide_password=False)) for _ in range(4)]

    def add(worker: int) -> None:
        for number in range(8):
            record(others[worker], CHIEF, Action.EXPORT, f"fil {worker}-{number}")

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(add, range(4)))
    for other in others:
        other.dispose()
    assert numbers(engine) == list(range(1, 33))
    assert sentences(engine) == []


def test_an_event_stands_or_falls_with_the_change(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as connection:
            record(connection, CHIEF, Action.EXPORT, "fil")
            connection.execute(text("no statement"))

    with pytest.raises(DatabaseError):
        fail()
    assert numbers(engine) == []
    with reading(engine) as connection, pytest.raises(RuntimeError, match="writing"):
        record(connection, CHIEF, Action.EXPORT, "fil")


@pytest.mark.parametrize("statement", [update(audit_event).values(actor="x"), delete(audit_event)])
def test_the_database_refuses_changes_and_removals(engine: Engine, statement: object) -> None:
    fill(engine, NOW)
    with pytest.raises(DatabaseError, match="append only"), writing(engine) as connection:
        connection.execute(statement)  # type: ignore[call-overload]
    assert numbers(engine) == [1]


def test_the_database_refuses_to_empty_or_replace_and_to_change_checkpoints(engine: Engine) -> None:
    fill(engine, NOW - timedelta(days=200), NOW)
    assert purge(engine, OPERATOR, KEPT, now=NOW) is not None
    review = {"municipality_code": "1287", "period": 202610, "reviewed_at": NOW, "reviewer": "x", "outcome": []}
    with writing(engine) as connection:
        connection.execute(insert(access_review).values(**review, hash="0" * 64))
    statements = ["update audit_checkpoint set up_to = 99", "delete from audit_checkpoint"]
    if engine.dialect.name == "postgresql":
        statements += ["truncate audit_event", "truncate audit_checkpoint"]
    else:
        statements += [
            f"insert or replace into {name} select * from {name}"
            for name in ("audit_event", "audit_checkpoint", "access_review")
        ]
    for statement in statements:
        with pytest.raises(DatabaseError, match="append only"), writing(engine) as connection:
            connection.execute(text(statement))
    assert numbers(engine) == [2, 3]


def unguarded(engine: Engine, *statements: str) -> None:
    """What somebody with every right to the database does."""
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            for name in connection.scalars(text("select name from sqlite_master where type = 'trigger'")).all():
                connection.execute(text(f"drop trigger {name}"))
        else:
            connection.execute(text("set local session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("update audit_event set actor = 'någon' where event_no = 2", "Händelse 2 är ändrad"),
        ("delete from audit_event where event_no = 1", "Händelse 1 saknas"),
        ("delete from audit_event where event_no = 2", "Händelse 2 saknas"),
        ("delete from audit_event where event_no >= 3", "Händelse 3 saknas i slutet"),
        ("delete from audit_event", "Händelse 1–3 saknas i slutet"),
    ],
)
def test_what_is_done_behind_the_guards_is_told(engine: Engine, tmp_path: Path, tampering: str, told: str) -> None:
    fill(engine, NOW, NOW, NOW)
    anchor = tmp_path / "ankare.txt"
    write_anchor(engine, OPERATOR, anchor)
    assert sentences(engine, read_anchors(anchor)) == []
    unguarded(engine, "delete from audit_event where event_no = 4", tampering)
    assert sentences(engine, read_anchors(anchor))[0].startswith(told)


def test_a_removal_dressed_up_as_a_purge_is_told(engine: Engine) -> None:
    fill(engine, NOW, NOW, NOW)
    with reading(engine) as connection:
        hashes = dict(connection.execute(select(audit_event.c.event_no, audit_event.c.hash)).all())
    with writing(engine) as connection:
        connection.execute(
            insert(audit_checkpoint).values(up_to=2, hash=hashes[2], count=2, decision="x", purged_at=NOW)
        )
        connection.execute(delete(audit_event).where(audit_event.c.event_no <= 2))
    assert sentences(engine, None, KEPT) == ["Loggen är gallrad till händelse 2, men ingen händelse berättar om det."]
    told = {"up_to": 2, "hash": hashes[2], "count": 2, "months": KEPT.months}
    record(engine, OPERATOR, Action.AUDIT_PURGED, "händelse 1–2", reason=KEPT.decision, details=told)
    (one,) = sentences(engine)
    assert one.startswith("Loggen är gallrad till händelse 2, men inget gallringsbeslut är inställt.")
    longer = Retention(24, "KS § 1")
    assert sentences(engine, None, longer) == [
        "Händelse 4 är en gallring som sparade 2 månader. Inställningen säger 24."
    ]
    written = clock.now() - timedelta(days=1)
    (early,) = sentences(engine, {1: Anchor(hashes[1], written)}, KEPT)
    assert early.startswith("Händelse 2 gallrades för tidigt: enligt ankaret är loggen därefter från ")
    assert sentences(engine, {1: Anchor(hashes[1], written - timedelta(days=200))}, KEPT) == []


@pytest.mark.parametrize("broken", ['{"a": }', "[1]", "null"])
def test_what_cannot_be_read_is_named(sqlite_engine: Engine, broken: str) -> None:
    fill(sqlite_engine, NOW, NOW, NOW)
    unguarded(sqlite_engine, f"update audit_event set details = '{broken}' where event_no = 2".replace(":", "\\:"))
    assert sentences(sqlite_engine) == ["Händelse 2 är ändrad: den går inte att läsa."]


def test_whole_months_are_purged_by_the_decision_and_the_rest_still_holds(engine: Engine, tmp_path: Path) -> None:
    # Kept are September, October and November so far: midnight in Sweden on 1 September is 22 UTC the day before.
    fill(engine, *(datetime(2026, 8, day, 21, 59, tzinfo=UTC) for day in (1, 31)))
    fill(engine, datetime(2026, 8, 31, 22, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))
    anchor = tmp_path / "ankare.txt"
    write_anchor(engine, OPERATOR, anchor)
    done = purge(engine, OPERATOR, KEPT, now=NOW)
    assert done is not None
    assert (done.count, done.up_to) == (2, 2)
    assert purge(engine, OPERATOR, KEPT, now=NOW) is None
    assert numbers(engine) == [3, 4, 5, 6]
    assert sentences(engine, read_anchors(anchor), KEPT) == []
    with reading(engine) as connection:
        checkpoint = connection.execute(select(audit_checkpoint)).one()
        last = read_log(connection, OPERATOR, None, Filter(), limit=1).events[0]
    assert (checkpoint.up_to, checkpoint.count, checkpoint.decision) == (2, 2, KEPT.decision)
    assert (last.action, last.reason, last.details["up_to"]) == ("audit_purged", KEPT.decision, 2)
    later = datetime(2027, 6, 1, tzinfo=UTC)
    assert purge(engine, OPERATOR, KEPT, now=later) is not None
    assert numbers(engine) == [7], "the purge's own event is the only one left"
    fill(engine, later)
    assert sentences(engine, None, KEPT) == []


@pytest.mark.parametrize("half", [{"audit_retention_months": 24}, {"audit_retention_decision": "KS § 1"}])
def test_half_a_decision_purges_nothing(half: dict[str, object]) -> None:
    with pytest.raises(UserError, match="hör ihop"):
        retention_of(Settings.model_validate(half))
    assert retention_of(Settings()) is None
    whole = Settings(audit_retention_months=24, audit_retention_decision="KS § 1")
    assert retention_of(whole) == Retention(24, "KS § 1")


def test_an_anchor_is_added_to_and_a_bad_one_is_the_users_error(sqlite_engine: Engine, tmp_path: Path) -> None:
    anchor = tmp_path / "ankare.txt"
    with pytest.raises(UserError, match="tom"):
        write_anchor(sqlite_engine, OPERATOR, anchor)
    fill(sqlite_engine, NOW)
    write_anchor(sqlite_engine, OPERATOR, anchor)
    write_anchor(sqlite_engine, OPERATOR, anchor)
    assert sorted(read_anchors(anchor)) == [1, 2]
    anchor.write_text(f"{anchor.read_text()}skräp\n", encoding="utf-8")
    with pytest.raises(UserError, match="rad 3: ingen ankarrad"):
        read_anchors(anchor)
    anchor.write_text(f"1 {'a' * 64} 2026-10-07\n1 {'b' * 64} 2026-10-08\n", encoding="utf-8")
    with pytest.raises(UserError, match="en annan kontrollsumma"):
        read_anchors(anchor)
    before = numbers(sqlite_engine)
    with pytest.raises(UserError, match="går inte att skriva"):
        write_anchor(sqlite_engine, OPERATOR, tmp_path / "saknas" / "ankare.txt")
    assert numbers(sqlite_engine) == before, "an anchor that was not written is not told of"


def test_the_log_is_read_by_the_municipalitys_dpo_and_filtered(engine: Engine) -> None:
    elsewhere = Viewer("Controller", (Grant(Role.CONTROLLER, "1263", frozenset({"1263-SN"})),))
    record(engine, elsewhere, Action.EXPORT, "Svedalas fil", at=NOW)
    record(engine, OPERATOR, Action.READ, "sip_active", at=NOW)
    record(engine, CHIEF, Action.EXPORT, "fil", at=datetime(2026, 10, 31, 22, 59, tzinfo=UTC))
    record(engine, CHIEF, Action.ROWS_READ, "avvikelser", at=datetime(2026, 10, 31, 23, 0, tzinfo=UTC))

    def found(**wanted: object) -> list[str]:
        with reading(engine) as connection:
            page = read_log(connection, DPO, "1287", Filter(**wanted), limit=10)  # type: ignore[arg-type]
        assert page.total == len(page.events)
        return [one.resource for one in page.events]

    assert found() == ["avvikelser", "fil", "sip_active"]
    assert found(last=datetime(2026, 10, 31).date()) == ["fil"]  # noqa: DTZ001 - a day
    assert found(actor="förvaltning", action="export") == ["fil"]
    assert found(actor="%") == []
    for code in ("1263", None):
        with reading(engine) as connection, pytest.raises(AccessDenied):
            read_log(connection, DPO, code, Filter(), limit=10)


def test_an_event_of_somebody_in_two_municipalities_is_read_in_those_alone(engine: Engine) -> None:
    grants = (Grant(Role.CHIEF, "1287", frozenset({"1287-SN"})), Grant(Role.CONTROLLER, "1263", frozenset({"1263-SN"})))
    record(engine, Viewer("dubbel", grants), Action.EXPORT, "fil")
    without_board = Grant(Role.CENTRAL_CONTROLLER, "1263")
    record(engine, Viewer("blandad", (grants[0], without_board)), Action.LOGIN, "")
    seen = {}
    for code in ("1287", "1263", "1214"):
        with reading(engine) as connection:
            page = read_log(connection, Viewer("dpo", (Grant(Role.DPO, code),)), code, Filter(), limit=10)
        seen[code] = page.total
    assert seen == {"1287": 2, "1263": 2, "1214": 0}
    assert sentences(engine) == []
