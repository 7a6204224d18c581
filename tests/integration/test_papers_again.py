"""A paper written again from its stored cut is the same, whatever has been changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, update

from control.audit.actions import Action
from control.audit.log import record
from control.occasions.due import renew
from control.papers.content import as_json as as_plain
from control.papers.kinds import PaperKind
from control.papers.reading import Paper, find_paper
from control.papers.service import deliver as put_before_the_board
from control.papers.service import is_verified, make_paper, set_registration_number
from control.plan.content import as_json, hash_of
from control.release.store import is_intact
from control.release.words import has_new_words, last_closed_at
from dashboard.components.paper_panels import proof_line
from kpi.access import OPERATOR, Grant, Role, Viewer
from kpi.definition import Catalogue
from kpi.live import digest_of
from kpi.loader import read_catalogue
from kpi.period import Period
from tests.builders.closed_world import choose, close_periods, fill, plan_rows, read_released
from tests.builders.figures import catalogue
from tests.builders.paper_world import (
    AFTER,
    BEFORE,
    BOARD,
    FOLLOWED,
    PLAN,
    UNITS,
    add,
    add_plan,
    make_world,
    values_of,
)
from tests.builders.release_rows import release
from tests.builders.warehouse import deliver
from warehouse import clock, closed_tables
from warehouse.action_tables import chart_mark, figure_remark
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.paper_tables import paper
from warehouse.plan_tables import control_occasion, control_plan, control_plan_decision, control_plan_revision
from warehouse.settings import ROOT
from warehouse.tables import definitions_version

TODAY = date(2025, 2, 3)
SECRETARY = Viewer("sekreterare", (Grant(Role.SECRETARY, "1287", frozenset({BOARD})),))
SHIPPED = (ROOT / "kpi_definitions.yaml").read_text(encoding="utf-8")


@pytest.fixture
def world(engine: Engine) -> Engine:
    return make_world(engine)


def make(engine: Engine, kind: PaperKind = PaperKind.MONTHLY) -> int:
    return make_paper(engine, catalogue(), OPERATOR, kind, BOARD, None, today=TODAY)


def stands(engine: Engine, number: int, serving: Catalogue | None = None) -> bool:
    found = read(engine, number)
    with reading(engine) as connection:
        return is_verified(connection, serving or catalogue(), found)


def read(engine: Engine, number: int) -> Paper:
    with reading(engine) as connection:
        found = find_paper(connection, number)
    assert found is not None
    return found


def test_definitions_that_serve_later_change_no_paper(world: Engine) -> None:
    number = make(world)  # nothing is kept yet: by what serves
    renamed = read_catalogue(SHIPPED.replace("name: ", "name: Ändrat ").encode(), "renamed")
    _keep(world, SHIPPED)
    _keep(world, "later: true")
    assert stands(world, number, renamed)


def _keep(engine: Engine, content: str) -> None:
    with writing(engine) as connection:
        values = {"digest": digest_of(content.encode()), "content": content, "saved_at": clock.now()}
        connection.execute(insert(definitions_version).values(**values, saved_by="controller", reason="Ny."))


def test_a_plans_paper_from_before_any_closing_is_written_again_as_it_was(sqlite_engine: Engine) -> None:
    """By the definitions, the names and the decisions of the moment that it was made, whatever came later that day."""
    world, decision = sqlite_engine, control_plan_decision
    deliver(world, "2025-02-28", org_units=UNITS)
    with writing(world) as connection:
        add_plan(connection)
    at = datetime(2025, 3, 3, 9, tzinfo=UTC)
    number = make_paper(world, catalogue(), SECRETARY, PaperKind.CONTROL_PLAN, BOARD, None, today=at.date(), at=at)
    assert stands(world, number)
    renamed = read_catalogue(SHIPPED.replace("name: ", "name: Ändrat ").encode(), "renamed")
    _keep(world, SHIPPED.replace("name: ", "name: Ändrat "))
    deliver(world, at.date().isoformat(), org_units=[{**one, "name": "Nytt namn"} for one in UNITS])
    with writing(world) as connection:
        of = {"plan_no": 2, "municipality_code": "1287", "board_code": BOARD}
        add(connection, control_plan, year=2024, is_synthetic=1, made_at=BEFORE, made_by="controller", **of)
        revision, adopted = (
            connection.execute(select(one)).mappings().one() for one in (control_plan_revision, decision)
        )
        add(connection, control_plan_revision, **dict(revision) | {"plan_no": 2})
        add(connection, decision, **dict(adopted) | {"plan_no": 2, "entered_at": BEFORE})
    assert stands(world, number, renamed)


def test_what_papers_from_before_the_moment_was_kept_say_has_the_same_hash(sqlite_engine: Engine) -> None:
    found = read(make_world(sqlite_engine), make(sqlite_engine)).content
    assert "moment" not in as_plain(found)["public"]["head"]["cut"]
    assert found.public.head.cut.moment is None


def test_a_plans_paper_tells_the_newest_closed_period_also_after_a_correction_of_an_older(
    sqlite_engine: Engine,
) -> None:
    world = make_world(sqlite_engine)
    again = release(world, BOARD, "2024-10", values_of("2024-11", 9))
    with writing(world) as connection:
        table = closed_tables.release
        of = {"period": Period.parse("2024-11").code, "revision": 1}
        connection.execute(update(table).where(table.c.release_no == again).values(**of))
    told = str(read(world, make(world, PaperKind.CONTROL_PLAN)).content.public).replace("\\xa0", " ")
    assert "65 % (15 av 23)', number=None, unit='', decimals=0, below='januari 2025'" in told


@pytest.mark.parametrize("kind", [PaperKind.MONTHLY, PaperKind.CONTROL_PLAN])
def test_a_draft_from_before_a_correction_is_not_put_before_the_board(sqlite_engine: Engine, kind: PaperKind) -> None:
    world = make_world(sqlite_engine)
    number = make(world, kind)
    set_registration_number(world, catalogue(), SECRETARY, number, 0, "SN 2025/44")
    release(world, BOARD, "2025-02", values_of("2025-02", 5))  # of another period
    again = release(world, BOARD, "2024-10", values_of("2025-01", 9))
    with writing(world) as connection:
        table = closed_tables.release
        of = {"period": Period.parse("2025-01").code, "revision": 1}
        connection.execute(update(table).where(table.c.release_no == again).values(**of))
    with pytest.raises(UserError, match=r"januari.2025 har stängts på nytt.*Gör en ny version"):
        put_before_the_board(world, SECRETARY, number, 1, today=TODAY)
    assert read(world, number).delivered_on is None
    newest = make_paper(world, catalogue(), SECRETARY, kind, BOARD, read(world, number).period, today=TODAY)
    set_registration_number(world, catalogue(), SECRETARY, newest, 0, "SN 2025/44")
    put_before_the_board(world, SECRETARY, newest, 1, today=TODAY)


@pytest.mark.parametrize("kind", [PaperKind.MONTHLY, PaperKind.CONTROL_PLAN])
def test_a_paper_keeps_the_names_of_its_time(world: Engine, kind: PaperKind) -> None:
    number = make(world, kind)
    renamed = {"1287": "Trelleborgs stad", BOARD: "Omsorgsnämnden", "1287-A": "Enhet norr"}
    deliver(world, "2025-03-31", org_units=[{**one, "name": renamed.get(one["unit_code"], "")} for one in UNITS])
    assert stands(world, number)


def test_a_comment_written_after_the_closing_can_be_taken_in_by_a_correction(sqlite_engine: Engine) -> None:
    engine = sqlite_engine
    chosen = choose("sip_established")
    fill(engine, chosen, sips=plan_rows({"1287-A": [9] * 12, "1287-B": [12] * 12, "1287-C": [2] * 12}))
    close_periods(engine, chosen, "2025-01")
    before = read_released(engine, chosen)
    with pytest.raises(UserError, match="varken värden eller"):
        close_periods(engine, chosen, "2025-01", reason="Kommentaren var fel.")
    with writing(engine) as connection:
        closed_at = last_closed_at(connection, BOARD, Period.parse("2025-01"))
        assert closed_at is not None
        for month in ("2025-02", "2025-01"):
            assert not has_new_words(connection, BOARD, Period.parse("2025-01"), closed_at)
            add(
                connection, figure_remark, municipality_code="1287", board_code=BOARD, kpi_id="sip_established",
                period=Period.parse(month).code, kind="comment", text="Rättad.", at=clock.now(), by="chef",
            )  # fmt: skip
    (again,) = close_periods(engine, chosen, "2025-01", reason="Kommentaren var fel.")
    assert (again.stored.header.revision, again.shown, again.hidden) == (1, {}, {})
    assert read_released(engine, chosen) == before
    with reading(engine) as connection:
        assert is_intact(connection, again.stored.release_no)
    with pytest.raises(UserError, match="varken värden eller"):
        close_periods(engine, chosen, "2025-01", reason="En gång till.")
    for number, write in enumerate((_mark, _review), 2):
        with writing(engine) as connection:
            write(connection)
        (again,) = close_periods(engine, chosen, "2025-01", reason="Det skrevs efteråt.")
        assert again.stored.header.revision == number
    with pytest.raises(UserError, match="varken värden eller"):
        close_periods(engine, chosen, "2025-01", reason="En gång till.")


def _mark(connection: Connection) -> None:
    add(
        connection, chart_mark, municipality_code="1287", board_code=BOARD, kpi_id="sip_established",
        month=Period.parse("2025-01").code, note="Ny rutin", is_rebase=0, made_at=clock.now(), made_by="chef",
    )  # fmt: skip


def _review(connection: Connection) -> None:
    record(connection, OPERATOR, Action.PLAN_REVIEWED, "kontrollmoment 1", municipality_code="1287", board_code=BOARD)


def test_a_paper_of_a_plan_that_was_only_proposed_stands_when_the_plan_is_changed(world: Engine) -> None:
    revision = control_plan_revision
    with writing(world) as connection:
        connection.execute(delete(control_plan_decision))
        connection.execute(update(revision).values(status="proposed"))
    number = make(world, PaperKind.CONTROL_PLAN)
    changed = replace(PLAN, risks=PLAN.risks[:1])
    with writing(world) as connection:
        values = {"status": "draft", "content": as_json(changed), "content_hash": hash_of(changed)}
        connection.execute(update(revision).values(**values))
    assert stands(world, number)
    before = read(world, number).content.public
    set_registration_number(world, catalogue(), OPERATOR, number, 0, "SN 2025/44")
    after = read(world, number).content.public
    assert after == replace(before, head=replace(before.head, registration_number="SN 2025/44"))
    assert stands(world, number)
    _check_only_what_is_proposed_is_put_before_the_board(world, number)
    with writing(world) as connection:
        connection.execute(update(paper).values(content_hash="0" * 64))
    assert not stands(world, number)
    assert "sitt eget fingeravtryck" in str(proof_line(read(world, number), proof=True))


def _check_only_what_is_proposed_is_put_before_the_board(world: Engine, number: int) -> None:
    """The plan has been changed, and is a draft again."""
    revision, as_written = control_plan_revision, {"content": as_json(PLAN), "content_hash": hash_of(PLAN)}
    for values, why in (({}, "planen är ett utkast"), ({"status": "proposed"}, "planen har ändrats")):
        with writing(world) as connection:
            if values:
                connection.execute(update(revision).values(**values))
        with pytest.raises(UserError, match=why):
            put_before_the_board(world, SECRETARY, number, 1, today=TODAY)
    with writing(world) as connection:
        connection.execute(update(revision).values(**as_written))
    put_before_the_board(world, SECRETARY, number, 1, today=TODAY)
    assert read(world, number).delivered_on == TODAY
    assert "anta intern kontrollplan" in read(world, number).content.public.decisions[0]


def test_a_decision_after_the_closing_neither_adds_nor_takes_away_controls(sqlite_engine: Engine) -> None:
    world = make_world(sqlite_engine)
    number = make(world)
    told = str(read(world, number).content.public)
    other = replace(FOLLOWED, id="later", what="Ett kontrollmoment som kom till senare")
    changed = replace(PLAN, risks=(replace(PLAN.risks[0], controls=(other,)), PLAN.risks[1]))
    january = Period.parse("2025-01").code
    with writing(world) as connection:
        add(
            connection, control_plan_revision, plan_no=1, revision=1, status="adopted", content=as_json(changed),
            content_hash=hash_of(changed), edits=1, changed_at=AFTER, changed_by="controller",
        )  # fmt: skip
        add(
            connection, control_plan_decision, plan_no=1, decision_no=2, kind="adopted", revision=1,
            decided_on=date(2025, 1, 20), paragraph="§ 4", registration_number="SN 2025/8",
            content_hash=hash_of(changed), entered_at=AFTER, entered_by="sekreterare",
        )  # fmt: skip
        connection.execute(
            update(control_occasion)
            .where(control_occasion.c.control_id == "followed")
            .values(status="due", signed_at=None, result=None, edits=2)
        )
        renew(connection, 1, date(2025, 3, 3))
        held = connection.execute(select(control_occasion).where(control_occasion.c.period == january)).all()
        assert {(row.control_id, row.status) for row in held} == {
            ("review", "done"), ("followed", "cancelled"), ("later", "due"),
        }  # fmt: skip
    assert FOLLOWED.what in told
    assert other.what not in told
    assert stands(world, number)
