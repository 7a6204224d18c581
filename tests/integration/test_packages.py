"""From one municipality's closing to another's readers, on both databases: exactly what was released, and no more."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text, update

from control.release.exporting import Exported, export_release
from control.release.importing import Imported, import_release
from control.release.package import PackageRefused
from kpi.access import OPERATOR, AccessDenied, Grant, Role, Viewer
from kpi.compute import compute
from kpi.period import Period
from tests.builders.closed_world import BOARD, choose, close_periods, fill, plan_rows, unit_row
from tests.builders.packages import KEY, TRUSTED, package
from tests.builders.warehouse import deliver
from warehouse import closed_tables
from warehouse.database import open_engine, writing
from warehouse.errors import UserError
from warehouse.migrate import upgrade

CATALOGUE = choose("sip_established", "sip_child_voice")
NEIGHBOUR = [unit_row("1263", "municipality", None), unit_row("1263-SN", "board", "1263", "social")]
MET = {"1287-A": [9] * 12, "1287-B": [8, 9, 7, 9] * 3, "1287-C": [2, 0, 1, 0] * 3}
OUR_KEY = {"1287": KEY.public}
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
PUBLISHED = """
select k.kpi_id, u.unit_code, v.period, s.split, v.is_suppressed, v.numerator, v.denominator, v.value, v.cases
from release_value v join kpi k on k.kpi_no = v.kpi_no join kpi_unit u on u.unit_no = v.unit_no
join kpi_split s on s.split_no = v.split_no
where v.release_no = (select max(o.release_no) from release_value o where o.kpi_no = v.kpi_no
  and o.unit_no = v.unit_no and o.period = v.period and o.split_no = v.split_no)
"""
ARRIVED = """
select f.kpi_id, v.unit_code, v.period, v.split, v.is_suppressed, v.numerator, v.denominator, v.value, v.cases
from imported_value v join imported_figure f on f.figure_no = v.figure_no
join imported_release r on r.package_no = f.package_no where not r.is_superseded
"""


def close(engine: Engine) -> Engine:
    """Trelleborg has closed two tertials and corrected the first; Svedala is in the same installation."""
    fill(engine, CATALOGUE, [*BOARD, *NEIGHBOUR], sips=plan_rows(MET))
    close_periods(engine, CATALOGUE, "2025-T1", "2025-T2")
    late = [one | {"sip_id": f"late-{at}"} for at, one in enumerate(plan_rows({"1287-A": [7]})[:-1])]
    deliver(engine, "2026-02-28", sips=late)
    compute(engine, CATALOGUE)
    close_periods(engine, CATALOGUE, "2025-T1", reason="Planer registrerades sent.")
    return engine


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a SQLite file."""
    path = tmp_path_factory.mktemp("packages") / "samkoll.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    close(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    engine.dispose()
    return path


@pytest.fixture
def closed(made: Path, tmp_path: Path) -> Engine:
    """A copy of it, for a test of its own."""
    shutil.copyfile(made, tmp_path / "closed.db")
    return open_engine(f"sqlite:///{tmp_path / 'closed.db'}")


def rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    return sorted([(*row[:4], bool(row[4]), *row[5:]) for row in found], key=lambda row: row[:4])


def export(engine: Engine, **more: Any) -> Exported:
    return export_release(engine, CATALOGUE, OPERATOR, "1287", KEY, **{"at": AT, **more})


def take(engine: Engine, content: bytes, viewer: Viewer = OPERATOR, receiver: str | None = "1263") -> Imported:
    return import_release(engine, viewer, content, "paket.json", OUR_KEY | TRUSTED, for_municipality=receiver)


def test_exactly_what_is_released_arrives_and_what_is_hidden_stays_hidden(engine: Engine) -> None:
    closed = close(engine)
    made = export(closed)
    assert made.content == export(closed).content, "the same releases and moment give the same bytes"
    take(closed, made.content)
    published = rows(closed, PUBLISHED)
    assert rows(closed, ARRIVED) == published
    hidden = [row for row in published if row[4]]
    assert 0 < len(hidden) < len(published)
    assert {row[5:] for row in hidden} == {(None,) * 4}
    sent = json.loads(made.content)["payload"]
    told = [one for figure in sent["figures"] for one in figure["values"]]
    assert sum(one.get("numerator", 0) for one in told) == sum(row[5] or 0 for row in published)
    assert {frozenset(one) - {"split"} for one in told if "suppressed" in one} == {
        frozenset({"unit", "period", "release", "suppressed"})
    }
    assert [one["revision"] for one in sent["releases"]] == [0, 0, 1]
    corrected = {one["release"] for one in told if one["period"] == "2025-T1" and one["unit"] == "1287-SN"}
    assert corrected == {3}, "the newest revision counts"
    check_replacing(closed)


def check_replacing(closed: Engine) -> None:
    """The same file again changes nothing, a newer one replaces it, an older one is refused; all stay on record."""
    old, new = export(closed).content, export(closed, at=datetime(2026, 3, 2, tzinfo=UTC)).content
    assert not take(closed, old).is_new
    second = take(closed, new)
    assert (second.is_new, second.replaced) == (True, True)
    assert not take(closed, old).is_new, "it is on record, and the newer is shown"
    between = export(closed, at=datetime(2026, 3, 1, 12, tzinfo=UTC)).content
    with pytest.raises(PackageRefused, match="inte nyare än det paket från 1287 som redan visas"):
        take(closed, between)
    with closed.connect() as connection:
        kept = connection.execute(text("select is_superseded, sha256, content from imported_release order by 1")).all()
    assert [bool(row[0]) for row in kept] == [False, True]
    assert [bytes(row[2]) for row in kept] == [new, old]
    assert [row[1] for row in kept] == [hashlib.sha256(one).hexdigest() for one in (new, old)]
    assert rows(closed, ARRIVED) == rows(closed, PUBLISHED)


def test_it_arrives_in_a_warehouse_that_knows_nothing_of_it(closed: Engine, sqlite_engine: Engine) -> None:
    made = export(closed, until=Period.parse("2025-04"))
    assert made.file_name == "1287-2025-T1.samkoll.json"
    deliver(sqlite_engine, "2026-02-28", org_units=NEIGHBOUR)
    assert take(sqlite_engine, made.content, receiver=None).for_municipality == "1263"
    april = Period.parse("2025-04").last_day
    assert rows(sqlite_engine, ARRIVED) == [
        row for row in rows(closed, PUBLISHED) if Period.from_code(row[2]).last_day <= april
    ]
    assert rows(sqlite_engine, PUBLISHED) == []


def test_what_was_changed_afterwards_is_not_sent(closed: Engine) -> None:
    table = closed_tables.release_value
    with writing(closed) as connection:
        connection.execute(update(table).where(table.c.release_no == 2, ~table.c.is_suppressed).values(cases=999))
    with pytest.raises(UserError, match=r"Release 2 \(1287-SN 2025-T2\) har ändrats i efterhand"):
        export(closed)


def test_the_central_controller_sends_and_receives_and_nobody_else(closed: Engine) -> None:
    content = export(closed).content
    for role in Role:
        sender = Viewer(role.value, (Grant(role, "1287", frozenset({"1287-SN"})),))
        receiver = Viewer(role.value, (Grant(role, "1263", frozenset({"1263-SN"})),))
        if role in (Role.CENTRAL_CONTROLLER, Role.OPERATOR):
            sent = export_release(closed, CATALOGUE, sender, "1287", KEY, at=AT).content
            assert sent == content, "whoever makes it, it holds the same"
            take(closed, content, receiver)
            continue
        with pytest.raises(AccessDenied):
            export_release(closed, CATALOGUE, sender, "1287", KEY)
        with pytest.raises(AccessDenied):
            take(closed, content, receiver)
        with pytest.raises(AccessDenied):
            export_release(closed, CATALOGUE, receiver, "1287", KEY)
    with closed.connect() as connection:
        logged = {tuple(row) for row in connection.execute(text("select action, resource from audit_event"))}
    assert logged >= {("release_exported", "1287"), ("release_imported", "1287 paket.json")}


def test_it_is_said_whose_and_for_whom(closed: Engine) -> None:
    content = export(closed).content
    with pytest.raises(UserError, match=r"--for .* 1263, 1287"):
        take(closed, content, receiver=None)
    with pytest.raises(UserError, match="ingen kommun 1233"):
        take(closed, content, receiver="1233")
    with pytest.raises(PackageRefused, match="1287:s eget paket"):
        take(closed, content, receiver="1287")
    with pytest.raises(UserError, match="1263 har inget släppt"):
        export_release(closed, CATALOGUE, OPERATOR, "1263", KEY)
    with pytest.raises(UserError, match="inget släppt till och med 2024"):
        export(closed, until=Period.parse("2024"))
    take(closed, package(), receiver="1287")
