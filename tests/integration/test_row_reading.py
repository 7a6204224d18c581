"""Rows about persons on both databases: whose they are, by hand-written SQL, and that each read is recorded first."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import astuple, fields
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from control import rows
from control.rows import PAGE_SIZE, read_cases
from kpi.access import OPERATOR, AccessDenied, Grant, Role, Viewer
from kpi.period import Period
from kpi.views.case_rows import CASE_KINDS
from kpi.views.cases import reaches_rows, units_with_rows_to_read
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from tests.builders.case_world import APRIL, MANY, MARCH, REASON, chief, fill, logged, manager
from warehouse.contract import DATASETS, Kind
from warehouse.database import open_engine, reading
from warehouse.errors import UserError

PERSONAL_NUMBER = "20150916-9809"
"""Serials 980 to 999 are never given to people."""


@pytest.fixture(scope="module")
def world(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("rows") / "samkoll.db"
    shutil.copyfile(_sqlite_template, path)
    engine = fill(open_engine(f"sqlite:///{path}"))
    yield engine
    engine.dispose()


def keys(
    engine: Engine, viewer: Viewer, unit: str, month: Period = MARCH, reason: str | None = REASON, page: int = 1
) -> list[str]:
    found = read_cases(engine, viewer, "deviations", unit, month, reason=reason, page=page)
    return [one.key[1] for one in found.rows]


def by_sql(engine: Engine, where: str, first: str = "2025-03-01", last: str = "2025-03-31") -> list[str]:
    statement = (
        "select deviation_id from deviations where ended_by is null "
        f"and reported_on between '{first}' and '{last}' and ({where}) order by reported_on, deviation_id"
    )
    with reading(engine) as connection:
        return list(connection.scalars(text(statement)))


def test_rows_are_those_of_the_units_on_their_days(engine: Engine) -> None:
    fill(engine)
    in_board = (
        "unit_code in ('1287-A', '1287-C', '1287-D', '1287-E') or unit_code = '1287-B' and reported_on < '2025-03-16'"
    )
    expected = by_sql(engine, in_board)
    assert len(expected) == 4 * 4 + 2
    assert keys(engine, chief(), "1287-SN") == expected
    under_f = in_board.replace(", '1287-E'", "").replace("= '1287-B'", "in ('1287-B', '1287-E')")
    assert keys(engine, chief(), "1287-F") == by_sql(engine, under_f)
    assert keys(engine, chief(), "1287-H") == by_sql(engine, "unit_code = '1287-E' and reported_on >= '2025-03-16'")
    assert keys(engine, chief(), "1287-E") == by_sql(engine, "unit_code = '1287-E'")
    other = chief("1287-BN")
    assert keys(engine, other, "1287-G") == by_sql(engine, "unit_code = '1287-B' and reported_on >= '2025-03-16'")
    with pytest.raises(AccessDenied):
        keys(engine, chief(), "1287-B")  # half of the month it lay under another board
    assert keys(engine, chief("1287-SN", "1287-BN"), "1287-B") == by_sql(engine, "unit_code = '1287-B'")
    found = read_cases(engine, chief(), "deviations", "1287-A", MARCH, reason=REASON)
    _as_in_the_table(engine, [astuple(one.row) for one in found.rows])


def _as_in_the_table(engine: Engine, found: list[tuple[object, ...]]) -> None:
    columns = ", ".join(field.name for field in fields(CASE_KINDS["deviations"].row))
    statement = (
        f"select {columns} from deviations where ended_by is null and unit_code in ('1287-A', '1287-D') "
        "and reported_on between '2025-03-01' and '2025-03-31' order by reported_on, deviation_id"
    )
    with reading(engine) as connection:
        expected = [tuple(row) for row in connection.execute(text(statement))]
    assert [[str(cell) for cell in row] for row in found] == [[str(cell) for cell in row] for row in expected]
    assert "low" in found[0], "the current version"


def test_pages_are_whole_and_in_order_on_both_databases(engine: Engine) -> None:
    fill(engine)
    expected = by_sql(engine, "unit_code = '1287-C'", "2025-04-01", "2025-04-30")
    pages = [keys(engine, manager("1287-C"), "1287-C", APRIL, None, page) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, MANY + 1 - 2 * PAGE_SIZE]
    assert [key for page in pages for key in page] == expected
    for page in (0, -1, 4):
        with pytest.raises(NotFound):
            keys(engine, manager("1287-C"), "1287-C", APRIL, None, page)


def test_a_chiefs_grant_adds_no_rows_before_a_reason_is_stated(world: Engine) -> None:
    units, branches = frozenset({"1287-A"}), frozenset({"socialtjanst"})
    head = Grant(Role.UNIT_MANAGER, "1287", frozenset({"1287-SN"}), units, branches)
    both = Viewer("dubbel", (head, *chief().grants))
    own = by_sql(world, "unit_code = '1287-A'")
    assert keys(world, both, "1287-A", reason=None) == keys(world, both, "1287-A", reason="kort") == own
    assert keys(world, both, "1287-A") == by_sql(world, "unit_code in ('1287-A', '1287-D')")
    assert len(own) == 4


def test_a_grant_for_a_branch_leaves_out_the_rows_of_others(world: Engine) -> None:
    social = chief("1287-SN", branches=frozenset({"socialtjanst"}))
    assert keys(world, social, "1287-A") == by_sql(world, "unit_code = '1287-A'")
    for mixed in ("1287-SN", "1287-F", "1287-D"):
        with pytest.raises(AccessDenied):
            keys(world, social, mixed)


def test_a_unit_manager_reads_what_lies_below_without_a_reason(world: Engine) -> None:
    expected = by_sql(world, "unit_code in ('1287-A', '1287-D')")
    assert keys(world, manager("1287-A"), "1287-A", reason=None) == expected
    assert logged(world)[-1][2].startswith("deviations 2025-03; 1287-A; skäl: None; rader: A03-01, ")


UNITS = ("1287", "1287-SN", "1287-BN", "1287-F", "1287-A", "1287-D", "1287-C", "1287-B", "1287-E", "okänd")
REACHED = {
    Role.CHIEF: {"1287-SN", "1287-F", "1287-A", "1287-D", "1287-C", "1287-E"},
    Role.UNIT_MANAGER: {"1287-A", "1287-D"},
}


@pytest.mark.parametrize("role", Role)
def test_which_role_reads_which_units_rows(world: Engine, role: Role) -> None:
    units = frozenset({"1287-A"}) if role is Role.UNIT_MANAGER else frozenset()
    viewer = Viewer(role.value, (Grant(role, "1287", frozenset({"1287-SN"}), units),))
    read = set()
    for unit in UNITS:
        before = len(logged(world))
        try:
            found = read_cases(world, viewer, "deviations", unit, MARCH, reason=REASON)
        except AccessDenied:
            assert len(logged(world)) == before
        else:
            assert found.rows
            read.add(unit)
    assert read == REACHED.get(role, set())
    with reading(world) as connection:
        organisation = read_organisation(connection)
    offered = {one.code for one in units_with_rows_to_read(organisation, viewer, MARCH)}
    assert offered >= read, "what is offered is what is read"
    assert all(reaches_rows(viewer, organisation, unit, MARCH) for unit in offered)


def test_neither_the_command_line_nor_an_elsewhere_chief_reads_rows(world: Engine) -> None:
    elsewhere = Viewer("chef", (Grant(Role.CHIEF, "1263", frozenset({"1287-SN"})),))
    for viewer in (OPERATOR, elsewhere, Viewer("ingen", ())):
        with pytest.raises(AccessDenied):
            keys(world, viewer, "1287-A")


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        (None, AccessDenied),
        ("", AccessDenied),
        ("   kort    ", AccessDenied),
        (f"Gäller barnet {PERSONAL_NUMBER}", UserError),
        ("Gäller barnet 1509169809", UserError),
        ("Gäller barnet 150916 – 98 09", UserError),
        ("ordet " * 100, UserError),
    ],
)
def test_a_reason_that_will_not_do_is_refused_and_not_kept(
    world: Engine, reason: str | None, error: type[Exception]
) -> None:
    before = logged(world)
    with pytest.raises(error):
        keys(world, chief(), "1287-A", reason=reason)
    assert logged(world) == before


def test_the_log_holds_the_reason_and_every_key_before_the_answer(
    world: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(logged(world))
    found = keys(world, chief(), "1287-C", APRIL, f"  {REASON}\n inför nämnden ", 2)
    lines = logged(world)[before:]
    assert {line[:2] for line in lines} == {("chef", "rows_read")}
    ((_, _, whole),) = lines
    told, _, named = whole.partition("; rader: ")
    assert told == f"deviations 2025-04; 1287-C; skäl: {REASON} inför nämnden"
    assert sorted(named.split(", ")) == sorted(found)

    def broken(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(rows, "record", broken)
    with pytest.raises(OSError, match="full"):
        keys(world, chief(), "1287-C", APRIL)


def test_a_read_that_finds_nothing_is_told_in_the_units_municipality(world: Engine) -> None:
    viewer = Viewer("dubbel", (*chief().grants, Grant(Role.CONTROLLER, "1263", frozenset({"1263-SN"}))))
    assert keys(world, viewer, "1287-A", Period.parse("2025-01")) == []
    with reading(world) as connection:
        newest = connection.execute(text("select municipality_code from audit_event order by event_no desc limit 1"))
        assert newest.scalar_one() == "1287"


def test_what_is_asked_for_must_exist(world: Engine) -> None:
    for dataset in ("sip_participants", "org_units", "audit_event", ""):
        with pytest.raises(NotFound):
            read_cases(world, chief(), dataset, "1287-A", MARCH, reason=REASON)
    for period in ("2025", "2025-T1"):
        with pytest.raises(NotFound):
            read_cases(world, chief(), "deviations", "1287-A", Period.parse(period), reason=REASON)


def test_no_person_and_no_free_text_leaves_the_warehouse() -> None:
    for kind in CASE_KINDS.values():
        dataset = DATASETS[kind.dataset]
        for field in fields(kind.row):
            found = dataset.field(field.name)
            assert found.kind not in (Kind.PERSON, Kind.FREE_TEXT, Kind.TEXT), field.name
            assert field.name not in ("birth_date", "sex"), field.name
        assert kind.day == dataset.event_on
        assert {kind.key, "municipality_code"} == {field.name for field in dataset.key}
