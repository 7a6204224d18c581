"""No paper leaves out a control that was signed late, an action that belongs to no figure, or a tertial's figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, delete, update

from control.occasions.occasion import as_stored
from control.papers.content import Cell, Cut, Document, Items, PaperContent, Table, blocks_of
from control.papers.gather import Wanted, gather
from control.papers.kinds import PaperKind
from control.plan.content import as_json, hash_of
from kpi.period import Period
from tests.builders.figures import catalogue
from tests.builders.paper_world import (
    AFTER,
    BEFORE,
    BOARD,
    FOLLOWED,
    PLAN,
    REVIEW,
    SAMPLE,
    add,
    freeze,
    make_world,
    values_of,
)
from tests.builders.release_rows import add_values, release
from warehouse import action_tables, assessment_tables, closed_tables, plan_tables
from warehouse.database import reading, writing

LATE = "Tidigare perioders kontrollmoment med brister"


def close(engine: Engine, month: str, at: datetime) -> None:
    number = release(engine, BOARD, month, values_of(month, 3))
    table = closed_tables.release
    with writing(engine) as connection:
        connection.execute(update(table).where(table.c.release_no == number).values(closed_at=at))


@pytest.fixture
def world(sqlite_engine: Engine) -> Engine:
    """January's control `followed` is signed on 3 March, after January's closing and before February's."""
    make_world(sqlite_engine)
    with writing(sqlite_engine) as connection:
        table = plan_tables.control_occasion
        connection.execute(update(table).where(table.c.occasion_no == 2).values(result="minor"))
    close(sqlite_engine, "2025-02", datetime(2025, 3, 10, 8, tzinfo=UTC))
    close(sqlite_engine, "2025-03", datetime(2025, 4, 10, 8, tzinfo=UTC))
    return sqlite_engine


def monthly(engine: Engine, month: str) -> Document:
    wanted = Wanted(PaperKind.MONTHLY, BOARD, Period.parse(month), date(2025, 4, 20))
    with reading(engine) as connection:
        return gather(connection, catalogue(), wanted).public


def late_rows(document: Document) -> list[tuple[str, ...]]:
    return [(row[0].text, row[0].below, row[3].text) for row in _rows(document, LATE)]


def _rows(document: Document, caption: str) -> list[tuple[Cell, ...]]:
    return [row for one in blocks_of(document) if isinstance(one, Table) and one.caption == caption for row in one.rows]


def test_it_is_told_once(world: Engine) -> None:
    told = (
        "Följ andelen SIP som följs upp i tid",
        "Risk: Planer följs inte upp i tid. Gäller januari\u00a02025",
        "Skrivet efter stängningen.",
    )
    assert [late_rows(monthly(world, month)) for month in ("2025-01", "2025-02", "2025-03")] == [[], [told], []]


def test_what_is_never_carried_out_is_told_until_it_is(world: Engine) -> None:
    """January's control, due on 15 February: its own paper says that its last day has not passed, the next ones that it
    is not carried out, and on its last day it is not missed yet."""
    table = plan_tables.control_occasion
    undone = {"signed_at": None, "result": None, "status": "due", "done_on": None}
    with writing(world) as connection:
        connection.execute(update(table).where(table.c.occasion_no == 2).values(**undone))
    found = [_undone(monthly(world, month)) for month in ("2025-01", "2025-02", "2025-03")]
    line = f"{FOLLOWED.what}: januari\u00a02025, som skulle ha varit klar 15\u00a0februari\u00a02025."
    told = ["En kontroll för tidigare perioder är inte genomförd."]
    assert found == [([], []), (told, [line]), (told, [line])]
    with writing(world) as connection:
        due = {"due_on": date(2025, 2, 1)}  # the day of January's closing
        connection.execute(update(table).where(table.c.occasion_no == 2).values(**due))
    told_as = "En hade sin sista dag kvar när perioden stängdes, 1 februari"
    assert told_as in str(monthly(world, "2025-01")).replace("\\xa0", " ")


def _undone(document: Document) -> tuple[list[str], list[str]]:
    """What the summary counts, and the names under the controls."""
    lists = [one for one in blocks_of(document) if isinstance(one, Items)]
    counted = [line for line in lists[0].items if "inte genomförd" in line and "tidigare" in line]
    return counted, [line for one in lists for line in one.items if "skulle ha varit klar" in line]


def test_what_is_signed_anew_is_told_again(world: Engine) -> None:
    table = plan_tables.control_occasion
    first = {
        "result": "minor", "done_on": "2025-01-31", "analysis": "Först.", "probability": None,
        "consequence": None, "signed_at": "2025-03-03T08:00:00+00:00", "reopened_at": "2025-03-20T08:00:00+00:00",
    }  # fmt: skip
    with writing(world) as connection:
        again = {"earlier": [first], "analysis": "På nytt.", "signed_at": datetime(2025, 3, 21, 8, tzinfo=UTC)}
        connection.execute(update(table).where(table.c.occasion_no == 2).values(**again))
    found = [late_rows(monthly(world, month)) for month in ("2025-02", "2025-03")]
    assert [[row[2] for row in rows] for rows in found] == [["Först."], ["På nytt."]]


def test_the_sample_is_the_one_that_what_was_signed_rested_on(sqlite_engine: Engine) -> None:
    make_world(sqlite_engine)
    again = replace(SAMPLE, seed=5, fingerprint="ef" * 32)
    signed = {
        "result": "minor", "done_on": "2025-01-28", "analysis": "Först.", "probability": None, "consequence": None,
        "sample": as_stored(SAMPLE), "signed_at": BEFORE.isoformat(), "reopened_at": AFTER.isoformat(),
    }  # fmt: skip
    with writing(sqlite_engine) as connection:
        table = plan_tables.control_occasion
        drawn = {"sample": as_stored(again), "earlier": [signed], "status": "due", "signed_at": None}
        connection.execute(update(table).where(table.c.occasion_no == 1).values(**drawn))
    found = _answer(sqlite_engine)
    told = [[cell.text for cell in row][2:] for row in _rows(found.public, "Stickprov")]
    assert told == [["..", "7", "abababababab"]]
    assert "Stickprov lottat av systemet, fingeravtryck abababababab" in str(found.public)
    assert found.secret is not None
    told = [[cell.text for cell in row][2:] for row in _rows(found.secret, "Stickprov vars antal är dolda")]
    assert told == [["10 av 87\u00a0654", "7", "abababababab"]]


@pytest.mark.parametrize("has_plan", [True, False])
def test_the_answer_tells_a_shortcoming_that_was_found_before_new_year(sqlite_engine: Engine, has_plan: bool) -> None:
    make_world(sqlite_engine)
    plan, revision, decision, control = (
        plan_tables.control_plan, plan_tables.control_plan_revision, plan_tables.control_plan_decision,
        plan_tables.control_occasion,
    )  # fmt: skip
    with writing(sqlite_engine) as connection:
        if not has_plan:
            connection.execute(delete(decision))
        of = {"municipality_code": "1287", "board_code": BOARD, "plan_no": 2}
        add(connection, plan, year=2024, is_synthetic=1, made_at=BEFORE, made_by="controller", **of)
        add(
            connection, revision, plan_no=2, revision=0, status="adopted", content=as_json(PLAN), edits=2,
            content_hash=hash_of(PLAN), changed_at=BEFORE, changed_by="controller",
        )  # fmt: skip
        add(
            connection, decision, plan_no=2, decision_no=1, kind="adopted", revision=0, decided_on=date(2023, 12, 12),
            paragraph="§ 1", registration_number="SN 2023/1", content_hash=hash_of(PLAN), entered_at=BEFORE,
            entered_by="sekreterare",
        )  # fmt: skip
        add(
            connection, control, control_id="followed", period=Period.parse("2024-12").code, due_on=date(2025, 1, 15),
            status="done", done_on=date(2025, 1, 9), result="serious", analysis="Var tredje saknar uppföljning.",
            signed_at=BEFORE, signed_by="utvecklare", edits=1, earlier=[], **of,
        )  # fmt: skip
    told = str(_answer(sqlite_engine).public)
    assert "Var tredje saknar uppföljning." in told
    assert "Rätta det som kontrollmomenten ovan fann: allvarlig brist i ett och mindre brist i ett." in told
    assert ("Kontrollmomenten nedan är de i planen för 2024." in told) is not has_plan


def test_a_reason_about_a_tertial_is_told_in_the_months_within_it(sqlite_engine: Engine) -> None:
    make_world(sqlite_engine)
    words = {"2025-T1": "Om tertialet.", "2025-02": "Om en senare månad."}
    with writing(sqlite_engine) as connection:
        for period, text in words.items():
            add(
                connection, action_tables.figure_remark, municipality_code="1287", board_code=BOARD, kind="no_action",
                kpi_id="deviation_feedback_60d", period=Period.parse(period).code, text=text, at=BEFORE, by="chef",
            )  # fmt: skip
    told = str(monthly(sqlite_engine, "2025-01"))
    assert [one in told for one in words.values()] == [True, False]


def test_the_answer_tells_a_judgement_of_the_running_tertial(sqlite_engine: Engine) -> None:
    make_world(sqlite_engine)
    with writing(sqlite_engine) as connection:
        add(
            connection, assessment_tables.assessment, municipality_code="1287", board_code=BOARD, side="presidium",
            period=Period.parse("2025-T1").code, subject="question_1", grade=1, motivation="Rutinerna är okända.",
            is_without_evidence=1, signed_at=BEFORE, signed_by="ordförande", confirmed_at=BEFORE, confirmed_by="vice",
        )  # fmt: skip
    (first, *_) = _answer(sqlite_engine).public.sections[1].parts
    told = str(first).replace("\\xa0", " ")
    assert "Presidiet bedömer (första tertialet 2025): nej. Rutinerna är okända." in told
    assert "inte bedömt" not in told


def test_a_recommendation_is_answered_with_what_was_found_and_what_came_of_it(sqlite_engine: Engine) -> None:
    make_world(sqlite_engine)
    with writing(sqlite_engine) as connection:
        by = {"municipality_code": "1287", "board_code": BOARD}
        add(
            connection, action_tables.action_effect, action_no=1, effect="partly", motivation="Fler följs upp.",
            assessed_on=date(2025, 1, 29), signed_at=BEFORE, signed_by="chef",
        )  # fmt: skip
        add(
            connection, plan_tables.evidence, about="action", about_no=1, kind="registration_number", label="Rutin",
            reference="SN 2025/9", evidence_on=date(2025, 1, 10), added_at=BEFORE, added_by="chef", **by,
        )  # fmt: skip
        add(
            connection, assessment_tables.assessment, side="administration", period=Period.parse("2024-T3").code,
            subject="maturity", grade=2, motivation="Mål saknas.", is_without_evidence=1, signed_at=BEFORE,
            signed_by="chef", confirmed_at=BEFORE, confirmed_by="controller", **by,
        )  # fmt: skip
    third, fourth = (
        [line for one in section.blocks if isinstance(one, Items) for line in one.items]
        for section in _answer(sqlite_engine).public.sections[2].parts[2:]
    )
    control, action = (line.replace("\u00a0", " ") for line in (third[0], third[2]))
    assert control == (
        f"{REVIEW.what} (risk: planer följs inte upp i tid): mindre brist, 28 jan 2025. Underlag: "
        "Granskningsprotokoll, dnr SN 2025/17, 28 jan 2025. Stickprov lottat av systemet, fingeravtryck abababababab."
    )
    assert action == (
        "Åtgärd: Inför en veckovis genomgång av avtalade datum, pågår. Effekt: delvis. Fler följs upp. "
        "Underlag: Rutin, dnr SN 2025/9, 10 jan 2025."
    )
    asked = "3. Genomförs SIP som de ska?"
    assert [line.replace("\u00a0", " ") for line in fourth[:3]] == [
        f"{asked} Förvaltningen bedömer (tredje tertialet 2024): till viss del.",
        f"{asked} Presidiet bedömer (tredje tertialet 2024): ja.",
        "Mognad i samverkan. Förvaltningen bedömer (tredje tertialet 2024): nivå 2 av 5. Mål saknas.",
    ]
    assert "Nå en högre mognad i samverkan: förvaltningen bedömer nivå 2 av 5." in fourth


@pytest.mark.parametrize(
    ("origin", "reference", "heading"), [("decision", "SN 2025/3", "Övriga åtgärder"), ("control", "1", "Fråga 3")]
)
def test_an_action_without_a_figure_stands_in_the_answer_to_the_audit(
    sqlite_engine: Engine, origin: str, reference: str, heading: str
) -> None:
    make_world(sqlite_engine)
    with writing(sqlite_engine) as connection:
        values = {"kpi_id": None, "origin": origin, "origin_reference": reference}
        connection.execute(update(action_tables.action).values(**values))
    answer = _answer(sqlite_engine).public
    found = [
        section.heading[: len(heading)]
        for top in answer.sections
        for section in (top, *top.parts)
        for block in section.blocks
        if isinstance(block, Table) and any(row[0].text.startswith("Inför en veckovis") for row in block.rows)
    ]
    assert found == [heading]


def test_the_answer_tells_a_tertials_figure_of_an_earlier_closing_but_of_no_later_one(sqlite_engine: Engine) -> None:
    make_world(sqlite_engine)
    shares = {"sip_lawful": (30, 40, 0.75, 40), "sip_mandate": None}
    tertials = [(kpi_id, BOARD, "board", "2024-T3", "", numbers) for kpi_id, numbers in shares.items()]
    add_values(sqlite_engine, 2, tertials)  # with December's closing
    with writing(sqlite_engine) as connection:
        freeze(connection, 2, "2024-T3", "sip_mandate", BOARD)
    release(sqlite_engine, BOARD, "2024-T3", [("sip_lawful", BOARD, "board", "2024-T3", "", (11, 40, 0.275, 40))])
    found = _answer(sqlite_engine)
    told = [row for row in _figure_rows(found.public) if row[0][1] == "T3\u00a02024"]
    assert [(row[1][0], row[1][1]) for row in told] == [("..", ""), ("75\u00a0%", "30 av 40")]
    assert found.secret is not None
    hidden = [row[2].text for one in blocks_of(found.secret) if isinstance(one, Table) for row in one.rows]
    assert hidden.count("T3\u00a02024") == 1
    later = [("sip_lawful", BOARD, "board", "2024-T3", "", None), *values_of("2025-01", 4)]
    release(sqlite_engine, BOARD, "2025-T1", later)
    assert _answer(sqlite_engine, found.public.head.cut) == found
    assert _answer(sqlite_engine) != found


def _answer(engine: Engine, cut: Cut | None = None) -> PaperContent:
    wanted = Wanted(PaperKind.AUDIT_ANSWER, BOARD, Period.parse("2025-01"), date(2025, 2, 3), cut=cut)
    with reading(engine) as connection:
        return gather(connection, catalogue(), wanted)


def _figure_rows(document: Document) -> list[list[tuple[str, str]]]:
    return [
        [(cell.text, cell.below) for cell in row]
        for one in blocks_of(document)
        if isinstance(one, Table) and one.caption.startswith("Nyckeltal för fråga")
        for row in one.rows
    ]


def test_a_new_usual_level_is_told_as_it_stood_at_the_closing(sqlite_engine: Engine) -> None:
    make_world(sqlite_engine)
    common = {
        "municipality_code": "1287", "board_code": BOARD, "kpi_id": "sip_followed_up_in_time", "is_rebase": 1,
        "made_by": "chef",
    }  # fmt: skip
    marks = [
        ("2024-10", "Åtgärd: Nämndens", None, BEFORE, AFTER),
        ("2024-11", "Senare", None, AFTER, None),
        ("2024-12", "Enhetens", "1287-A", BEFORE, None),
        ("2024-12", "Borttagen", None, BEFORE, BEFORE),
    ]
    with writing(sqlite_engine) as connection:
        for month, note, unit, made, removed in marks:
            values = {"month": Period.parse(month).code, "note": note, "unit_code": unit, "made_at": made}
            add(connection, action_tables.chart_mark, removed_at=removed, **values, **common)
    with reading(sqlite_engine) as connection:
        wanted = Wanted(PaperKind.MONTHLY, BOARD, None, date(2025, 2, 3))
        told = str(gather(connection, catalogue(), wanted).public).replace("\\xa0", " ")
    assert "Ny vanlig nivå räknas från oktober 2024, på grund av åtgärden ”Nämndens”." in told
    assert told.count("Ny vanlig nivå") == 1
