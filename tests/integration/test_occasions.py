"""Controls as they come due and are carried out, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select, update

from control.locking import ChangedMeanwhile
from control.occasions.carry_out import Finding, reopen, save, sign
from control.occasions.described import describe
from control.occasions.due import renew
from control.occasions.occasion import Occasion, Result
from control.occasions.reading import Standing, occasions
from control.occasions.samples import draw_sample
from control.plan.content import Frequency
from control.plan.decided import BoardDecision
from control.plan.life import close_plan, follow_up
from control.sampling import draw
from kpi.access import AccessDenied, Viewer
from kpi.views.errors import NotFound
from tests.builders.case_world import logged
from tests.builders.figures import catalogue
from tests.builders.plan_world import (
    AUDITOR,
    BOARD,
    CHIEF,
    CONTROLLER,
    DEVELOPER,
    EXTRACT,
    MONTHLY,
    NEIGHBOUR,
    OTHER_BOARD,
    PRESIDIUM,
    SAMPLED,
    TODAY,
    adopt,
    adopted_plan,
    make_plan,
    numbers,
    plan,
)
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.plan_tables import control_occasion

FOUND = Finding("minor", "Två av tolv anteckningar saknades.", 3, 3, TODAY)


def occasion(engine: Engine, number: int) -> Occasion:
    with reading(engine) as connection:
        return describe(connection, number).occasion


def statuses(engine: Engine, plan_no: int) -> dict[tuple[str, str], str]:
    found = {key: occasion(engine, number) for key, number in numbers(engine, plan_no).items()}
    return {key: one.status for key, one in found.items()}


# --- coming due ----------------------------------------------------------------


def test_renewing_makes_what_is_missing_once_and_cancels_what_is_gone_but_never_what_is_done(engine: Engine) -> None:
    plan_no = adopted_plan(engine, EXTRACT, MONTHLY)
    made = numbers(engine, plan_no)
    assert len(made) == 3 + 12
    assert occasion(engine, made[EXTRACT.id, "2025-T3"]).due_on == date(2026, 1, 15)
    with writing(engine) as connection:
        renew(connection, plan_no, TODAY)
    assert numbers(engine, plan_no) == made
    january, july = made[MONTHLY.id, "2025-01"], made[MONTHLY.id, "2025-07"]
    sign(engine, CHIEF, catalogue(), january, 0, FOUND, today=TODAY)
    sign(engine, CHIEF, catalogue(), july, 0, replace(FOUND, done_on=date(2025, 7, 30)), today=date(2025, 7, 31))
    with writing(engine) as connection:
        adopt(connection, plan_no, plan(EXTRACT, SAMPLED), date(2025, 4, 20))
        renew(connection, plan_no, TODAY)
    after = statuses(engine, plan_no)
    monthly = {period: status for (name, period), status in after.items() if name == MONTHLY.id}
    assert {period for period, status in monthly.items() if status == "done"} == {"2025-01", "2025-07"}
    assert {period for period, status in monthly.items() if status == "due"} == {"2025-02", "2025-03"}
    assert sum(status == "cancelled" for status in monthly.values()) == 8
    assert [period for name, period in after if name == SAMPLED.id] == ["2025-T1", "2025-T2", "2025-T3"]
    with writing(engine) as connection:  # it comes back, at another pace
        adopt(connection, plan_no, plan(EXTRACT, SAMPLED, MONTHLY), date(2025, 5, 2))
        renew(connection, plan_no, TODAY)
    again = statuses(engine, plan_no)
    assert again[MONTHLY.id, "2025-05"] == again[MONTHLY.id, "2025-12"] == "due"
    assert again[MONTHLY.id, "2025-04"] == "cancelled"
    assert again[MONTHLY.id, "2025-07"] == "done"
    with writing(engine) as connection:
        before = connection.execute(select(func.sum(control_occasion.c.edits))).scalar_one()
        renew(connection, plan_no, TODAY)
        assert connection.execute(select(func.sum(control_occasion.c.edits))).scalar_one() == before


def test_a_plan_that_nobody_has_adopted_has_no_occasions(engine: Engine) -> None:
    with writing(engine) as connection:
        plan_no = make_plan(connection)
        renew(connection, plan_no, TODAY)
        adopt(connection, plan_no, plan(EXTRACT), TODAY + timedelta(days=1))
        renew(connection, plan_no, TODAY)
    assert not numbers(engine, plan_no)


def test_what_is_late_is_read_first(engine: Engine) -> None:
    plan_no = adopted_plan(engine, EXTRACT, MONTHLY)
    made = numbers(engine, plan_no)
    sign(engine, CHIEF, catalogue(), made[MONTHLY.id, "2025-02"], 0, FOUND, today=TODAY)
    with reading(engine) as connection:
        found = occasions(connection, AUDITOR, BOARD, plan_no, TODAY)
        whole = occasions(connection, AUDITOR, BOARD, None, TODAY)
    told = [(one.standing, str(one.occasion.period)) for one in found]
    assert told[:5] == [
        (Standing.LATE, "2025-01"),
        (Standing.LATE, "2025-03"),
        (Standing.DUE, "2025-04"),
        (Standing.DUE, "2025-T1"),
        (Standing.COMING, "2025-05"),
    ]
    assert told[-1] == (Standing.DONE, "2025-02")
    assert not found[-1].occasion.is_on_time
    assert whole == found
    with reading(engine) as connection, pytest.raises(AccessDenied):
        occasions(connection, NEIGHBOUR, BOARD, plan_no, TODAY)
    with reading(engine) as connection, pytest.raises(AccessDenied):
        occasions(connection, CHIEF, OTHER_BOARD, plan_no, TODAY)


# --- carrying out ----------------------------------------------------------------


@pytest.fixture
def number(engine: Engine) -> int:
    """An occasion of an extract for the first tertial of 2025."""
    return numbers(engine, adopted_plan(engine, EXTRACT))[EXTRACT.id, "2025-T1"]


def test_a_draft_is_kept_then_signed_and_then_stands(engine: Engine, number: int) -> None:
    save(engine, DEVELOPER, number, 0, Finding(analysis="Påbörjad"), today=TODAY)
    assert (occasion(engine, number).analysis, occasion(engine, number).status) == ("Påbörjad", "due")
    sign(engine, DEVELOPER, catalogue(), number, 1, FOUND, today=TODAY)
    signed = occasion(engine, number)
    assert (signed.result, signed.probability, signed.consequence) == (Result.MINOR, 3, 3)
    assert (signed.done_on, signed.signed_by, signed.is_on_time) == (TODAY, "developer", True)
    assert signed.proposal is not None
    assert signed.proposal.result is None
    assert signed.proposal.because == ("SIP uppföljda i tid: uppgifter saknas.",), "in words, though not in numbers"
    for again in (
        lambda: save(engine, CHIEF, number, 2, FOUND, today=TODAY),
        lambda: sign(engine, CHIEF, catalogue(), number, 2, FOUND, today=TODAY),
    ):
        with pytest.raises(UserError, match="är undertecknat och ändras inte"):
            again()
    assert occasion(engine, number) == signed
    assert [line[1] for line in logged(engine)] == ["control_saved", "control_signed"]


def test_who_reads_the_figures_gets_a_proposal_from_them(engine: Engine, number: int) -> None:
    sign(engine, CHIEF, catalogue(), number, 0, FOUND, today=TODAY)
    proposal = occasion(engine, number).proposal
    assert proposal is not None
    assert proposal.result is None
    assert proposal.because == ("SIP uppföljda i tid: uppgifter saknas.",)


def test_a_signed_one_is_corrected_for_a_reason_that_is_kept_with_what_was_signed(engine: Engine, number: int) -> None:
    sign(engine, CHIEF, catalogue(), number, 0, FOUND, today=TODAY)
    with pytest.raises(UserError, match="Skriv varför"):
        reopen(engine, CHIEF, number, 1, "fel")
    reopen(engine, CHIEF, number, 1, "En anteckning hittades efteråt.")
    found = occasion(engine, number)
    assert (found.status, found.signed_by, found.analysis) == ("due", None, FOUND.analysis)
    assert found.earlier[0]["result"] == "minor"
    assert found.earlier[0]["analysis"] == FOUND.analysis
    assert found.earlier[0]["signed_by"] == found.earlier[0]["reopened_by"] == "chief"
    assert found.earlier[0]["reason"] == "En anteckning hittades efteråt."
    sign(engine, CHIEF, catalogue(), number, 2, replace(FOUND, result="without_remark"), today=TODAY)
    with pytest.raises(UserError, match="inte undertecknat"):
        reopen(engine, CHIEF, numbers(engine, found.plan_no)[EXTRACT.id, "2025-T2"], 0, "En anteckning hittades.")
    assert [line[1] for line in logged(engine)] == ["control_signed", "control_reopened", "control_signed"]
    assert "En anteckning hittades efteråt." in logged(engine)[1][2]


def test_when_its_plan_is_closed_it_is_not_signed_nor_opened_again(sqlite_engine: Engine) -> None:
    engine, plan_no = sqlite_engine, adopted_plan(sqlite_engine, EXTRACT, MONTHLY)
    made = numbers(engine, plan_no)
    signed, left = made[MONTHLY.id, "2025-02"], made[MONTHLY.id, "2025-03"]
    sign(engine, CHIEF, catalogue(), signed, 0, FOUND, today=TODAY)
    end, after = BoardDecision(date(2026, 2, 10), "§ 12", "SN 2025/1"), date(2026, 2, 12)
    follow_up(engine, CONTROLLER, plan_no, end, today=after)
    save(engine, CHIEF, left, 0, FOUND, today=after)
    close_plan(engine, CONTROLLER, plan_no, end, today=after)
    for act in (
        lambda: reopen(engine, CHIEF, signed, 1, "Vi vill ändra resultatet."),
        lambda: sign(engine, CHIEF, catalogue(), left, 1, FOUND, today=after),
        lambda: save(engine, CHIEF, left, 1, FOUND, today=after),
    ):
        with pytest.raises(UserError, match="nämnden har avslutat planen"):
            act()
    with reading(engine) as connection:
        assert [one.occasion.number for one in occasions(connection, CHIEF, BOARD, None, after)] == [signed]
        assert len(occasions(connection, CHIEF, BOARD, plan_no, after)) == len(made)


def test_nobody_overwrites_another(engine: Engine, number: int) -> None:
    save(engine, CHIEF, number, 0, Finding(analysis="Chefens"), today=TODAY)
    for late in (
        lambda: save(engine, DEVELOPER, number, 0, Finding(analysis="Utvecklarens"), today=TODAY),
        lambda: sign(engine, DEVELOPER, catalogue(), number, 0, FOUND, today=TODAY),
    ):
        with pytest.raises(ChangedMeanwhile):
            late()
    assert occasion(engine, number).analysis == "Chefens"
    assert [line[0] for line in logged(engine)] == ["chief"]


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (replace(FOUND, result=None), "Resultatet saknas"),
        (replace(FOUND, result="bra"), "Resultatet är okänt"),
        (replace(FOUND, analysis=" "), "vad bristen består i"),
        (replace(FOUND, result="not_carried_out", analysis=None), "varför kontrollen inte genomfördes"),
        (replace(FOUND, probability=None), "Risken är inte bedömd"),
        (replace(FOUND, probability=5), "Sannolikheten är utanför planens skala"),
        (replace(FOUND, consequence=0), "Konsekvensen är utanför planens skala"),
        (replace(FOUND, done_on=None), "Dagen då kontrollen gjordes saknas"),
        (replace(FOUND, done_on=TODAY + timedelta(days=1)), "framåt i tiden"),
        (replace(FOUND, done_on=date(2024, 12, 31)), "före perioden"),
        (replace(FOUND, analysis="Barnet 20120412-2384"), "personnummer"),
    ],
)
def test_what_cannot_be_signed_says_why(sqlite_engine: Engine, finding: Finding, words: str) -> None:
    plan_no = adopted_plan(sqlite_engine, EXTRACT)
    at = numbers(sqlite_engine, plan_no)[EXTRACT.id, "2025-T1"]
    with pytest.raises(UserError, match=words):
        sign(sqlite_engine, CHIEF, catalogue(), at, 0, finding, today=TODAY)
    assert occasion(sqlite_engine, at).status == "due"


def test_without_remark_needs_no_analysis(sqlite_engine: Engine) -> None:
    plan_no = adopted_plan(sqlite_engine, EXTRACT)
    at = numbers(sqlite_engine, plan_no)[EXTRACT.id, "2025-T1"]
    sign(sqlite_engine, CHIEF, catalogue(), at, 0, Finding("without_remark", None, 1, 3, TODAY), today=TODAY)
    assert occasion(sqlite_engine, at).is_done


Act = Callable[[Engine, Viewer, int], object]
ACTS: dict[str, Act] = {
    "save": lambda engine, viewer, at: save(engine, viewer, at, 0, FOUND, today=TODAY),
    "sign": lambda engine, viewer, at: sign(engine, viewer, catalogue(), at, 0, FOUND, today=TODAY),
    "reopen": lambda engine, viewer, at: reopen(engine, viewer, at, 0, "En anteckning hittades."),
    "draw": lambda engine, viewer, at: draw_sample(engine, viewer, at, 0, of="anteckningar", population=40),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_others_change_nothing(sqlite_engine: Engine, act: Act) -> None:
    plan_no = adopted_plan(sqlite_engine, SAMPLED)
    at = numbers(sqlite_engine, plan_no)[SAMPLED.id, "2025-T1"]
    for other in (NEIGHBOUR, AUDITOR, PRESIDIUM, Viewer("ingen", ())):
        with pytest.raises(AccessDenied):
            act(sqlite_engine, other, at)
    with pytest.raises(NotFound):
        act(sqlite_engine, CHIEF, 9999)
    assert occasion(sqlite_engine, at).edits == 0
    with writing(sqlite_engine) as connection:
        connection.execute(update(control_occasion).values(status="cancelled", cancelled_on=date(2025, 5, 2)))
    with pytest.raises(UserError):
        act(sqlite_engine, CHIEF, at)
    assert logged(sqlite_engine) == []


# --- a sample ----------------------------------------------------------------


def test_a_sample_is_drawn_by_a_seed_and_drawn_again_only_for_a_reason(engine: Engine) -> None:
    plan_no = adopted_plan(engine, SAMPLED)
    at = numbers(engine, plan_no)[SAMPLED.id, "2025-T1"]
    with pytest.raises(UserError, match="Stickprovet är inte draget"):
        sign(engine, CHIEF, catalogue(), at, 0, FOUND, today=TODAY)
    made = draw_sample(engine, CONTROLLER, at, 0, of="minnesanteckningar", population=40)
    assert (made.population, made.size, len(set(made.drawn))) == (40, 12, 12)
    assert set(made.drawn) <= set(range(1, 41))
    assert list(made.drawn) == draw(range(1, 41), 12, made.seed)
    assert occasion(engine, at).sample == made
    assert f"kontrollmoment {at}" in logged(engine)[0][2]
    for reason in (None, "", "igen"):
        with pytest.raises(UserError, match="redan draget"):
            draw_sample(engine, CONTROLLER, at, 1, of="minnesanteckningar", population=41, reason=reason)
    with pytest.raises(ChangedMeanwhile):
        draw_sample(engine, CHIEF, at, 0, of="anteckningar", population=41, reason="Listan hade en till.")
    again = draw_sample(engine, CHIEF, at, 1, of="anteckningar", population=5, reason="Listan var fel räknad.")
    assert (again.size, sorted(again.drawn)) == (5, [1, 2, 3, 4, 5])
    assert [line[1] for line in logged(engine)] == ["sample_drawn", "sample_drawn"]
    sign(engine, CHIEF, catalogue(), at, 2, FOUND, today=TODAY)
    with pytest.raises(UserError, match="undertecknat"):
        draw_sample(engine, CHIEF, at, 3, of="anteckningar", population=5, reason="Listan var fel räknad.")


@pytest.mark.parametrize("population", [0, -1, 100_001, None])
def test_a_sample_is_drawn_from_something(sqlite_engine: Engine, population: int | None) -> None:
    plan_no = adopted_plan(sqlite_engine, SAMPLED, EXTRACT, with_units=False)
    at = numbers(sqlite_engine, plan_no)
    with pytest.raises(UserError, match="lotta bland ska vara ett heltal"):
        draw_sample(sqlite_engine, CHIEF, at[SAMPLED.id, "2025-T1"], 0, of="anteckningar", population=population)
    with pytest.raises(UserError, match="Planen säger inte hur stort"):
        draw_sample(sqlite_engine, CHIEF, at[EXTRACT.id, "2025-T1"], 0, of="anteckningar", population=3)


def test_a_changed_frequency_starts_over_from_its_decision(engine: Engine) -> None:
    plan_no = adopted_plan(engine, MONTHLY)
    with writing(engine) as connection:
        adopt(connection, plan_no, plan(replace(MONTHLY, frequency=Frequency.QUARTER)), date(2025, 7, 1))
        renew(connection, plan_no, date(2025, 7, 2))
    due = {period for (_, period), status in statuses(engine, plan_no).items() if status == "due"}
    assert due == {*(f"2025-{month:02}" for month in range(1, 7)), "2025-K3", "2025-K4"}
