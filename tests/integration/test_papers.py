"""Papers on both databases: from frozen data only, numbered, delivered once, and never telling what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO

import docx
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, insert, select, update

from control.locking import ChangedMeanwhile
from control.papers.content import Chart, Document, Table, blocks_of
from control.papers.figure_words import FIGURE_COLUMNS
from control.papers.files.formats import FORMATS
from control.papers.kinds import PaperKind
from control.papers.planned import next_date
from control.papers.reading import Paper, find_paper, papers_of, read_paper, secret_annex_of
from control.papers.service import deliver, is_verified, make_paper, set_registration_number
from control.papers.sources import actions, read_plan
from kpi.access import OPERATOR, AccessDenied, Grant, Role, Viewer
from kpi.period import Period
from kpi.views.errors import NotFound
from tests.builders.database_role import warehouse_with_roles
from tests.builders.figures import catalogue
from tests.builders.paper_world import AFTER, BOARD, CLOSED_AT, MONTHS, SECRET, make_world, values_of
from tests.builders.pdf import pdf_text
from tests.builders.release_rows import release
from warehouse import action_tables, audit_tables, clock, paper_tables, plan_tables
from warehouse.database import reading, writing
from warehouse.database_role import give_privileges
from warehouse.errors import UserError

TODAY = date(2025, 2, 3)
BOARDS = frozenset({BOARD})


def viewer(role: Role, board: str = BOARD) -> Viewer:
    return Viewer(role.value, (Grant(role, board[:4], frozenset({board})),))


SECRETARY, MEMBER, CHIEF = viewer(Role.SECRETARY), viewer(Role.MEMBER), viewer(Role.CHIEF)
ELSEWHERE = viewer(Role.SECRETARY, "1263-SN")


@pytest.fixture
def world(engine: Engine) -> Engine:
    return make_world(engine)


def make(engine: Engine, kind: PaperKind = PaperKind.MONTHLY, who: Viewer = SECRETARY, period: str = "") -> int:
    return make_paper(
        engine, catalogue(), who, kind, BOARD, Period.parse(period) if period else None, today=TODAY
    )  # fmt: skip


def read(engine: Engine, paper_no: int) -> Paper:
    with reading(engine) as connection:
        found = find_paper(connection, paper_no)
    assert found is not None
    return found


def all_words(document: Document) -> str:
    return " ".join(_told(document))


def _told(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _told(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _told(getattr(value, name))


def test_a_paper_is_made_numbered_and_put_before_the_board_once(world: Engine) -> None:
    with writing(world) as connection:
        planned = paper_tables.board_date.insert().values(
            municipality_code="1287", board_code=BOARD, kind="monthly", period=Period.parse("2025-01").code,
            planned_on=date(2025, 3, 20), counted_on=date(2025, 2, 20), edits=0, changed_at=clock.now(),
            changed_by="sekreterare",
        )  # fmt: skip
        connection.execute(planned)
        coming = next_date(connection, [BOARD])
    assert coming is not None
    assert coming.counted_on == date(2025, 2, 20), "it was moved when its day had passed"
    number = make(world)
    with pytest.raises(UserError, match="saknar diarienummer"):
        deliver(world, SECRETARY, number, 0, today=TODAY)
    set_registration_number(world, catalogue(), SECRETARY, number, 0, " SN  2025/44 ")
    with pytest.raises(ChangedMeanwhile):
        set_registration_number(world, catalogue(), SECRETARY, number, 0, "SN 2025/45")
    deliver(world, SECRETARY, number, 1, today=date(2025, 2, 5))
    found = read(world, number)
    assert (found.registration_number, found.delivered_on) == ("SN 2025/44", date(2025, 2, 5))
    assert found.content.public.head.registration_number == "SN 2025/44"
    for attempt in (
        lambda: deliver(world, SECRETARY, number, 2, today=TODAY),
        lambda: set_registration_number(world, catalogue(), SECRETARY, number, 2, "SN 2025/45"),
    ):
        with pytest.raises(UserError, match="ändras inte"):
            attempt()
    with reading(world) as connection:
        date_row = connection.execute(select(paper_tables.board_date)).one()
        log = connection.execute(select(audit_tables.audit_event.c.action)).scalars().all()
    assert (date_row.done_on, date_row.paper_no) == (date(2025, 2, 5), number)
    assert [one for one in log if one.startswith("paper_")] == ["paper_made", "paper_numbered", "paper_delivered"]


def test_what_comes_later_changes_neither_the_paper_nor_what_it_is_written_from(world: Engine) -> None:
    number = make(world)
    before = read(world, number)
    files = {ending: draw(before.content.public) for ending, (draw, _) in FORMATS.items()}
    release(world, BOARD, "2025-02", values_of("2025-02", 3))
    release(world, "1287-UN", "2025-01", [("sip_established", BOARD, "board", "2025-01", "", (99, None, 99, 99))])
    with writing(world) as connection:
        table = plan_tables.control_occasion
        connection.execute(
            update(table).where(table.c.occasion_no == 2).values(analysis="Ännu senare.", edits=2)
        )  # fmt: skip
    after = read(world, number)
    with reading(world) as connection:
        assert is_verified(connection, catalogue(), after)
    assert {ending: draw(after.content.public) for ending, (draw, _) in FORMATS.items()} == files
    told = all_words(after.content.public)
    assert "Två planer saknar uppgift" in told
    assert "En hade sin sista dag kvar när perioden stängdes, 15\u00a0februari\u00a02025." in told
    assert "Skrivet efter" not in told
    assert "Ännu senare" not in told
    (action,) = [one for one in _tables(after.content.public) if one.caption == "Periodens åtgärder"]
    assert [cell.text for cell in action.rows[0]][2:4] == ["31\u00a0mar\u00a02025", "Pågår"], "as it was at the closing"


def test_a_revised_closing_makes_another_version_and_leaves_the_first(world: Engine) -> None:
    first = make(world)
    with writing(world) as connection:
        connection.execute(update(paper_tables.paper).values(content_hash="0" * 64))
    with reading(world) as connection:
        found = find_paper(connection, first)
        assert found is not None
        assert not is_verified(connection, catalogue(), found), "a changed row is found"
    second = make(world)
    assert [read(world, one).version for one in (first, second)] == [1, 2]


def _tables(document: Document) -> list[Table]:
    return [one for one in blocks_of(document) if isinstance(one, Table)]


@pytest.mark.parametrize("kind", [PaperKind.MONTHLY, PaperKind.AUDIT_ANSWER, PaperKind.CONTROL_PLAN])
def test_every_number_in_a_public_file_has_been_released(sqlite_engine: Engine, kind: PaperKind) -> None:
    world = make_world(sqlite_engine)
    document = read(world, make(world, kind)).content.public
    released = {
        number
        for at, month in enumerate(MONTHS)
        for *_, numbers in values_of(month, at)
        for number in (numbers or ())
        if number is not None
    }
    shown = [
        cell.number
        for table in _tables(document)
        if table.columns[:2] == FIGURE_COLUMNS[:2]
        for row in table.rows
        for cell in row
    ]
    charts = [point.value for one in blocks_of(document) if isinstance(one, Chart) for point in one.points]
    assert {one for one in (*shown, *charts) if one is not None} <= released
    secret = re.compile(r"87[\s\u00a0.,]?654")
    for ending, content in _texts(document).items():
        assert not secret.search(content), ending
    assert "0,478" not in all_words(document), "what an action began from is an inside number"


def _texts(document: Document) -> dict[str, str]:
    files = {ending: draw(document) for ending, (draw, _) in FORMATS.items()}
    made = docx.Document(BytesIO(files["docx"]))
    book = CalamineWorkbook.from_filelike(BytesIO(files["xlsx"]))
    return {
        "pdf": pdf_text(files["pdf"]),
        "docx": " ".join(str(one.text) for one in made.element.iter() if one.text),
        "xlsx": str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names]),
        "html": files["html"].decode(),
    }


def test_what_is_hidden_stands_in_the_secret_annex_alone(world: Engine) -> None:
    number = make(world)
    found = read(world, number)
    annex = secret_annex_of(CHIEF, found)
    values = [cell.number for table in _tables(annex) for row in table.rows for cell in row]
    assert values.count(SECRET) == 4, "two figures, each with value and cases"
    assert "Sekretess" in pdf_text(FORMATS["pdf"][0](annex))
    assert annex.decisions == ()
    with pytest.raises(AccessDenied):
        secret_annex_of(MEMBER, found)


def test_members_read_what_is_delivered_and_never_what_is_secret(world: Engine) -> None:
    number = make(world)
    with reading(world) as connection:
        for who in (MEMBER, ELSEWHERE, viewer(Role.UNIT_MANAGER), Viewer("ingen", ())):
            assert papers_of(connection, who, BOARDS) == []
            with pytest.raises(NotFound):
                read_paper(connection, who, number)
        for who in (SECRETARY, CHIEF, viewer(Role.AUDITOR), viewer(Role.PRESIDIUM)):
            assert read_paper(connection, who, number).content.secret is not None
    set_registration_number(world, catalogue(), SECRETARY, number, 0, "SN 2025/44")
    deliver(world, SECRETARY, number, 1, today=TODAY)
    with reading(world) as connection:
        assert [one.paper_no for one in papers_of(connection, MEMBER, BOARDS)] == [number]
        assert read_paper(connection, MEMBER, number).content.secret is None
        with pytest.raises(NotFound):
            read_paper(connection, ELSEWHERE, number)


@pytest.mark.parametrize("who", [MEMBER, CHIEF, viewer(Role.AUDITOR), ELSEWHERE, Viewer("ingen", ())])
def test_papers_are_made_by_the_boards_secretary_and_controller(sqlite_engine: Engine, who: Viewer) -> None:
    make_world(sqlite_engine)
    for attempt in (
        lambda: make(sqlite_engine, who=who),
        lambda: deliver(sqlite_engine, who, 1, 0, today=TODAY),
        lambda: set_registration_number(sqlite_engine, catalogue(), who, 1, 0, "SN 1"),
    ):
        with pytest.raises(AccessDenied):
            attempt()


@pytest.mark.parametrize(
    ("kind", "period", "sentence"),
    [
        (PaperKind.TERTIAL, "", "har inte stängt ett helt tertial"),
        (PaperKind.MONTHLY, "2024-10", "perioden är inte stängd"),
        (PaperKind.MONTHLY, "2024-T3", "gäller en månad, till exempel 2025-03, inte tredje"),
        (PaperKind.CONTROL_PLAN, "2027", "ingen kontrollplan för 2027"),
    ],
)
def test_what_cannot_be_made_is_told(sqlite_engine: Engine, kind: PaperKind, period: str, sentence: str) -> None:
    make_world(sqlite_engine)
    with pytest.raises(UserError, match=sentence):
        make(sqlite_engine, kind, period=period)
    with reading(sqlite_engine) as connection:
        assert connection.execute(select(paper_tables.paper)).all() == []


def test_the_audits_questions_and_recommendations_are_all_answered(sqlite_engine: Engine) -> None:
    world = make_world(sqlite_engine)
    document = read(world, make(world, PaperKind.AUDIT_ANSWER, OPERATOR)).content.public
    questions, recommendations = document.sections[1:3]
    assert [one.heading[:7] for one in questions.parts] == [f"Fråga {at}" for at in (1, 2, 3, 4)]
    assert [one.heading for one in recommendations.parts] == [f"Rekommendation {at}" for at in (1, 2, 3, 4)]
    third = all_words(Document(document.head, "", (), (), (questions.parts[2],)))
    for told in ("Presidiet bedömer", "Förvaltningen bedömer", "Mindre brist", "SN 2025/17", "Enhetschefen", "65"):
        assert told in third
    assert "Uppföljningen brister. Underlag: Enkätsvar, https://svar.example/2024, 20\u00a0dec\u00a02024." in third
    assert "Motparten säger: Regionen har haft vakanser." in all_words(document)


def test_the_counterparts_figure_stands_beside_our_own(sqlite_engine: Engine) -> None:
    world = make_world(sqlite_engine)
    told = all_words(read(world, make(world)).content.public)
    assert "Vårt eget: Återkoppling vi gett inom 60 dagar." in told
    assert "Motparten säger: Regionen har haft vakanser." in told


def test_what_was_called_off_after_the_closing_was_under_way(sqlite_engine: Engine) -> None:
    world = make_world(sqlite_engine)
    with writing(world) as connection:
        action, event = action_tables.action, action_tables.action_event
        ended = {"status": "cancelled", "done_on": None, "cancelled_on": date(2025, 3, 1)}
        connection.execute(update(action).values(**ended))
        connection.execute(update(event).values(changed={"status": ["started", "cancelled"]}))
    with reading(world) as connection:
        ((then,), (now,)) = (actions(connection, BOARD, at) for at in (CLOSED_AT, AFTER))
    assert (then.status, then.ended_on, then.entered_on) == ("started", None, date(2025, 1, 30))
    assert (now.status, now.ended_on) == ("cancelled", date(2025, 3, 1))


def test_an_end_that_was_told_long_after_is_told_with_the_day(sqlite_engine: Engine) -> None:
    world, event = make_world(sqlite_engine), action_tables.action_event
    told = []
    for at in (AFTER, datetime(2025, 4, 2, 8, tzinfo=UTC)):
        with writing(world) as connection:
            connection.execute(update(event).values(at=at))
            told += [one.entered_late for one in actions(connection, BOARD, at)]
    assert told == ["", "klarmarkerad först 2\u00a0apr\u00a02025"], "it was done on 1 March"


def test_a_plan_is_written_before_anything_has_been_closed(sqlite_engine: Engine) -> None:
    world = make_world(sqlite_engine)
    number = make(world, PaperKind.CONTROL_PLAN)
    found = read(world, number)
    assert "bygger på" not in all_words(found.content.public)
    assert found.content.public.note == "12\u00a0december\u00a02024, § 118, dnr SN 2024/411"
    with pytest.raises(NotFound, match="kontrollplan har ingen bilaga under sekretess"):
        secret_annex_of(CHIEF, found)
    with writing(world) as connection:
        table = plan_tables.control_plan
        first = connection.execute(select(table)).mappings().one()
        connection.execute(insert(table).values(**dict(first) | {"plan_no": 2, "year": 2023}))
        connection.execute(update(table).where(table.c.plan_no == 1).values(based_on=2))
        plan = read_plan(connection, 1, 0)
        assert plan is not None
        assert plan.based_on == 2023
        connection.execute(update(table).values(based_on=None))
    with writing(world) as connection:  # a new revision does not change what was written of the older
        row = connection.execute(select(plan_tables.control_plan_revision)).mappings().one()
        values = dict(row) | {"revision": 1, "status": "draft", "content_hash": "1" * 64}
        connection.execute(insert(plan_tables.control_plan_revision).values(**values))
    with reading(world) as connection:
        assert is_verified(connection, catalogue(), found)


@pytest.mark.postgres
def test_the_pages_own_database_role_makes_and_delivers_a_paper(postgres_url: str) -> None:
    with warehouse_with_roles(postgres_url) as roles:
        make_world(roles.owner)
        give_privileges(roles.owner, roles.role)
        number = make(roles.pages)
        set_registration_number(roles.pages, catalogue(), SECRETARY, number, 0, "SN 2025/44")
        deliver(roles.pages, SECRETARY, number, 1, today=TODAY)
        answer = make(roles.pages, PaperKind.AUDIT_ANSWER)
        with reading(roles.pages) as connection:
            assert [one.paper_no for one in papers_of(connection, CHIEF, BOARDS)] == [answer, number]
