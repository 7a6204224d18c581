"""A board with a plan, controls, actions, assessments and remarks, and three closed months, for tests of papers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert

from control.occasions.occasion import Sample, as_stored
from control.plan.content import (
    Category,
    Control,
    Frequency,
    Handling,
    Method,
    PlanContent,
    Risk,
    Scale,
    Source,
    Step,
    as_json,
    hash_of,
)
from kpi.period import Period
from kpi.store import numbers_of
from tests.builders.closed_world import unit_row
from tests.builders.release_rows import Released, release
from tests.builders.warehouse import deliver
from warehouse import action_tables, assessment_tables, closed_tables, plan_tables, tables
from warehouse.database import writing

BOARD = "1287-SN"
CLOSED_AT = datetime(2025, 2, 1, 12, 0, 7, tzinfo=UTC)
"""When `tests.builders.release_rows.release` says that a period was closed."""
BEFORE, AFTER = datetime(2025, 1, 30, 8, tzinfo=UTC), datetime(2025, 3, 3, 8, tzinfo=UTC)
SECRET = 87654.0
"""The true number of all that is hidden."""
SAMPLE = Sample("planer", int(SECRET), 10, 7, (), "ab" * 32, "cd" * 16)
MONTHS = ("2024-11", "2024-12", "2025-01")
UNITS = [
    unit_row("1287", "municipality", None) | {"name": "Trelleborgs kommun"},
    unit_row(BOARD, "board", "1287", "social") | {"name": "Socialnämnden"},
    unit_row("1287-A", "unit", BOARD) | {"name": "Barn och unga, norr"},
    unit_row("1287-B", "unit", BOARD) | {"name": "Barn och unga, söder"},
]
SCALE = Scale(
    tuple(Step(word, f"{word} att det händer") for word in ("Osannolikt", "Mindre troligt", "Möjligt", "Troligt")),
    tuple(Step(word, f"{word} följder") for word in ("Försumbara", "Lindriga", "Kännbara", "Allvarliga")),
)
REVIEW = Control(
    "review", "Granska tio planer mot lagens fyra uppgifter", Method.SAMPLE, Frequency.TERTIAL,
    "Verksamhetsutvecklaren", "Socialnämnden", "i tertialuppföljningen", ("sip_lawful",), 10, True,
)  # fmt: skip
FOLLOWED = Control(
    "followed", "Följ andelen SIP som följs upp i tid", Method.EXTRACT, Frequency.MONTH, "Enhetschefen",
    "Förvaltningschefen", "varje månad", ("sip_followed_up_in_time", "deviation_feedback_60d"),
)  # fmt: skip
PLAN = PlanContent(
    SCALE,
    (
        Risk(
            "late", "SIP", "Ingen bevakar de datum som har avtalats", "Planer följs inte upp i tid",
            "Barnet får inte det stöd som har bestämts", Category.OPERATIONS, 3, 4, Handling.CONTROL, 3,
            Source("Trelleborg 2021", "4.3.2", "SIP ska upprättas, följas upp och avslutas"), (REVIEW, FOLLOWED),
        ),
        Risk(
            "silent", "Avvikelser", "Ingen vet vem som ska rapportera", "Brister i samverkan rapporteras inte",
            "Samma fel upprepas", Category.TRUST, 2, 3, Handling.ACT, 4,
            Source("Trelleborg 2021", "4.4.2", "Nyckeltal saknas"), (),
        ),
    ),
)  # fmt: skip


def make_world(engine: Engine) -> Engine:
    """The board, its plan adopted, three months closed, and what was written before and after the last closing."""
    deliver(engine, "2025-02-28", org_units=UNITS)
    for at, month in enumerate(MONTHS):
        number = release(engine, BOARD, month, values_of(month, at))
        with writing(engine) as connection:
            freeze(connection, number, month, "sip_consent_unknown", BOARD)
            freeze(connection, number, month, "sip_followed_up_in_time", "1287-A")
    with writing(engine) as connection:
        add_plan(connection)
        _occasions(connection)
        _actions(connection)
        _assessments(connection)
        _remarks(connection)
    return engine


def values_of(month: str, at: int) -> Iterable[Released]:
    """What is released of a month: one figure off its target, one watched, one hidden."""
    done, due = 11 + 2 * at, 23
    answered = 6 + at
    return [
        ("sip_followed_up_in_time", BOARD, "board", month, "", (done, due, done / due, due)),
        ("sip_followed_up_in_time", "1287-A", "unit", month, "", None),
        ("sip_established", BOARD, "board", month, "", (31 + at, None, 31 + at, 31 + at)),
        ("sip_consent_unknown", BOARD, "board", month, "", None),
        ("deviation_feedback_60d", BOARD, "board", month, "", (answered, 12, answered / 12, 12)),
        ("deviation_answered_60d", BOARD, "board", month, "", (17, 19, 17 / 19, 19)),
        ("deviations_reported", BOARD, "board", month, "", (14, None, 14, 14)),
    ]


def freeze(connection: Connection, release_no: int, period: str, kpi_id: str, unit: str) -> None:
    """The true numbers of what is hidden: such as stand nowhere else."""
    add(
        connection, closed_tables.closed_value, release_no=release_no, period=Period.parse(period).code,
        kpi_no=numbers_of(connection, tables.kpi, tables.kpi.c.kpi_id, [kpi_id])[kpi_id],
        unit_no=numbers_of(connection, tables.kpi_unit, tables.kpi_unit.c.unit_code, [unit])[unit],
        split_no=numbers_of(connection, tables.kpi_split, tables.kpi_split.c.split, [""])[""],
        numerator=SECRET, denominator=SECRET, value=SECRET, cases=int(SECRET),
    )  # fmt: skip


def add(connection: Connection, table: Any, **values: Any) -> None:
    """A row."""
    connection.execute(insert(table).values(**values))


def add_plan(connection: Connection) -> None:
    by = {"made_at": BEFORE, "made_by": "utvecklare"}
    add(
        connection, plan_tables.control_plan, plan_no=1, municipality_code="1287", board_code=BOARD, year=2025,
        is_synthetic=1, **by,
    )  # fmt: skip
    add(
        connection, plan_tables.control_plan_revision, plan_no=1, revision=0, status="adopted", content=as_json(PLAN),
        content_hash=hash_of(PLAN), edits=2, changed_at=BEFORE, changed_by="controller",
    )  # fmt: skip
    add(
        connection, plan_tables.control_plan_decision, plan_no=1, decision_no=1, kind="adopted", revision=0,
        decided_on=date(2024, 12, 12), paragraph="§ 118", registration_number="SN 2024/411", content_hash=hash_of(PLAN),
        entered_at=BEFORE, entered_by="sekreterare",
    )  # fmt: skip


def _occasions(connection: Connection) -> None:
    common = {
        "plan_no": 1, "municipality_code": "1287", "board_code": BOARD, "period": Period.parse("2025-01").code,
        "due_on": date(2025, 2, 15), "edits": 1, "earlier": [],
    }  # fmt: skip
    add(
        connection, plan_tables.control_occasion, occasion_no=1, control_id="review", status="done",
        done_on=date(2025, 1, 28), result="minor", analysis="Två planer saknar uppgift om vem som har huvudansvaret.",
        probability=2, consequence=4, sample=as_stored(SAMPLE), signed_at=BEFORE, signed_by="utvecklare", **common,
    )  # fmt: skip
    add(
        connection, plan_tables.control_occasion, occasion_no=2, control_id="followed", status="done",
        done_on=date(2025, 1, 31), result="without_remark", analysis="Skrivet efter stängningen.", signed_at=AFTER,
        signed_by="utvecklare", **common,
    )  # fmt: skip
    add(
        connection, plan_tables.evidence, municipality_code="1287", board_code=BOARD, about="occasion", about_no=1,
        kind="registration_number", label="Granskningsprotokoll", reference="SN 2025/17",
        evidence_on=date(2025, 1, 28), added_at=BEFORE, added_by="utvecklare",
    )  # fmt: skip


def _actions(connection: Connection) -> None:
    add(
        connection, action_tables.action, action_no=1, municipality_code="1287", board_code=BOARD,
        what="Inför en veckovis genomgång av avtalade datum.", root_cause="Datumen bevakas inte av någon.",
        origin="figure", origin_reference="sip_followed_up_in_time", kpi_id="sip_followed_up_in_time",
        responsible="Enhetschefen", starts_on=date(2025, 1, 10), due_on=date(2025, 4, 30),
        first_due_on=date(2025, 3, 31), expected_from=0.4782, expected_to=0.9, cost_class="low", status="done",
        done_on=date(2025, 3, 1), edits=2, made_at=BEFORE, made_by="chef",
    )  # fmt: skip
    add(
        connection, action_tables.action_event, action_no=1, kind="changed", text="Klar.",
        changed={"status": ["started", "done"], "done_on": [None, "2025-03-01"],
                 "due_on": ["2025-03-31", "2025-04-30"]},
        at=AFTER, by="chef",
    )  # fmt: skip


def _assessments(connection: Connection) -> None:
    common = {
        "municipality_code": "1287", "board_code": BOARD, "period": Period.parse("2024-T3").code,
        "subject": "question_3", "is_without_evidence": 0, "signed_at": BEFORE, "confirmed_at": BEFORE,
    }  # fmt: skip
    add(
        connection, assessment_tables.assessment, assessment_no=1, side="presidium", grade=3,
        motivation="Planerna fungerar.", signed_by="ordförande", confirmed_by="vice", **common,
    )  # fmt: skip
    add(
        connection, assessment_tables.assessment, assessment_no=2, side="administration", grade=2,
        motivation="Uppföljningen brister.", signed_by="chef", confirmed_by="controller", **common,
    )  # fmt: skip
    add(
        connection, plan_tables.evidence, municipality_code="1287", board_code=BOARD, about="assessment", about_no=2,
        kind="link", label="Enkätsvar", reference="https://svar.example/2024", evidence_on=date(2024, 12, 20),
        added_at=BEFORE, added_by="chef",
    )  # fmt: skip


def _remarks(connection: Connection) -> None:
    for kpi_id, kind, words, at in (
        ("sip_followed_up_in_time", "comment", "Två enheter saknar samordnare sedan november.", BEFORE),
        ("deviation_feedback_60d", "counterpart", "Regionen har haft vakanser.", BEFORE),
        ("deviation_answered_60d", "comment", "Skrivet efteråt.", AFTER),
    ):
        add(
            connection, action_tables.figure_remark, municipality_code="1287", board_code=BOARD, kpi_id=kpi_id,
            period=Period.parse("2025-01").code, kind=kind, text=words, at=at, by="chef",
        )  # fmt: skip
