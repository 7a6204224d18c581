"""What the page Avvikelser says, and that its charts, tables and addresses hold what it counts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.case_parameters import PARAMETERS, filter_of, narrowed_to, parameters_of
from dashboard.case_question import Question, question_of
from dashboard.components.case_ways import CaseWays
from dashboard.deviation_words import (
    BIN_NAMES,
    STATES,
    answered,
    assessed,
    cautions,
    lead,
    recurring,
    reported,
    silence,
)
from dashboard.figures.palette import LIGHT
from dashboard.figures.waits import waits
from kpi.deviations import (
    LAST_BIN,
    Ageing,
    Pattern,
    Side,
    State,
    Tally,
    Waited,
    matrix,
    pareto,
    times,
)
from kpi.organisation import Unit
from kpi.period import Period
from kpi.views.case_filter import Back, CaseFilter, Day, Order
from kpi.views.deviation_filter import DeviationFilter, Standing
from kpi.views.deviation_page import Chosen, DeviationPage, Limits
from kpi.views.errors import NotFound
from kpi.views.overview import Months
from kpi.views.plan_filter import Came, PlanFilter, PlanStanding
from kpi.views.referral_filter import ReferralFilter, ReferralStanding
from tests.builders.figures import BOARD, MARCH
from tests.builders.rendered import told

ONE = Unit("1287-A", "Alfa", "unit", "1287-SN", "1287")
TWO = Unit("1287-B", "Beta", "unit", "1287-SN", "1287")
TALLIES = [Tally("utebliven_medverkan", "skola", "bup", 21), Tally("annan", "bup", "skola", 2)]
TIMES = times([Waited(State.IN_TIME, 30, 6), Waited(State.LATE, 61, 1), Waited(State.OVERDUE, 130, 1)])
PATTERN = Pattern("1287-A", "utebliven_medverkan", "bup", 4, 3, (Period.parse("2024-06"), MARCH))
PAGE = DeviationPage(
    dict.fromkeys(Side, TIMES), TIMES, TIMES, Ageing((1, 0, 0, 28), ("utebliven_medverkan", "bup", 19)), (PATTERN,),
    1, 3,
    BOARD, MARCH, Months((MARCH,), None, MARCH), (BOARD, ONE), Chosen(), Limits(), date(2024, 4, 1), date(2025, 3, 31),
    pareto(TALLIES), 23, matrix(TALLIES), (ONE, TWO), (TWO,), ("bup", "skola"), False,
)  # fmt: skip


def plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


def test_the_first_sentence_says_what_is_left_lying() -> None:
    said = "28 avvikelser är öppna sedan mer än 90 dagar"
    assert lead(PAGE) == f"{said}; 19 av dem gäller utebliven medverkan från BUP."
    assert lead(replace(PAGE, ageing=Ageing((0, 0, 0, 28), None))) == f"{said}."
    assert lead(replace(PAGE, ageing=Ageing((0, 0, 0, 1), None))) == "En avvikelse är öppen sedan mer än 90 dagar."
    bup = replace(PAGE, chosen=Chosen(None, "bup"))
    assert lead(bup) == (
        "28 avvikelser med BUP som motpart är öppna sedan mer än 90 dagar; 19 av dem gäller utebliven medverkan."
    )
    none = replace(PAGE, ageing=Ageing((0, 0, 0, 0), None))
    assert plain(lead(none)) == (
        "Ingen avvikelse är öppen sedan mer än 90 dagar. 23 avvikelser rapporterades april 2024–mars 2025."
    )
    assert "Tystnad är risken" in lead(replace(none, total=0))


def test_nothing_is_said_twice() -> None:
    assert plain(reported(PAGE)) == "23 avvikelser rapporterades april 2024–mars 2025. Flest rapporter är inte sämst."
    one = replace(PAGE, total=1, ageing=Ageing((1, 0, 0, 0), None))
    assert plain(lead(one)).endswith(" En avvikelse rapporterades april 2024–mars 2025.")
    assert reported(one) == "Flest rapporter är inte sämst."
    assert reported(replace(one, total=0)) == "Att ingen rapporterar betyder inte att samverkan fungerar."
    silent = replace(one, total=0, ageing=Ageing((0, 0, 0, 0), None))
    assert (lead(silent).count("rapporterades"), reported(silent)) == (1, "")


def test_silence_is_told_and_what_cannot_be_known() -> None:
    assert silence(PAGE) == "En av två enheter har inte rapporterat någon avvikelse på tolv månader."
    assert silence(replace(PAGE, silent=())).startswith("Alla enheter har rapporterat")
    late = replace(PAGE, silent=None, first=date(2024, 6, 1))
    assert plain(silence(late)).startswith("Leveranserna börjar 1 juni 2024, så det går inte att säga")
    assert [plain(one) for one in cautions(late)] == [
        "Leveranserna av avvikelser börjar 1 juni 2024, så det är mindre än tolv månader."
    ]
    assert cautions(PAGE) == []
    assert plain(cautions(replace(PAGE, stand=date(2025, 3, 12)))[0]) == (
        "Mars 2025 är preliminär: läget visas som det var 12 mars 2025."
    )


def test_times_have_their_numbers_beside_and_no_share_of_few() -> None:
    assert plain(answered(TIMES, 60)) == "6 av 8 har svar inom 60 dagar (75 %). Mediantiden är 30 dagar."
    few = times([Waited(State.IN_TIME, 30, 1), Waited(State.OVERDUE, 90, 1)])
    assert answered(few, 60) == "1 av 2 har svar inom 60 dagar (för få för en andel)."
    assert "ingen har väntat i 60 dagar" in answered(times([Waited(State.WAITING, 3, 1)]), 60)
    assert plain(assessed(few, 90)) == "1 av 2 åtgärder har bedömd effekt inom 90 dagar efter beslutet."
    assert recurring(PAGE).startswith("3 av 23 är återkommande: samma enhet har rapporterat samma kategori")


def test_the_chart_stands_on_its_columns_with_the_limit_after_day_60() -> None:
    drawn = waits(TIMES, STATES, 60, LIGHT)
    assert len(BIN_NAMES) == LAST_BIN + 1
    assert BIN_NAMES[:2] + BIN_NAMES[-2:] == ("0–10", "11–20", "111–120", ">120")
    given, late, waiting, overdue = (trace["y"] for trace in drawn["data"])
    assert (given[2], late[6], overdue[12], set(waiting)) == (6, 1, 1, {None})
    assert drawn["layout"]["shapes"][0]["x0"] == 5.5


EVERY: dict[str, CaseFilter] = {
    "deviations": DeviationFilter(
        back=Back.ALL, by=Day.CLOSED, category="utskrivning", counterpart="bup", reporter="skola", side=Side.OURS,
        standing=Standing.OPEN_LONG, order=Order.NEWEST, due_days=45,
    ),
    "sips": PlanFilter(
        back=Back.YEAR, by=Day.MEETING, initiator="skola", caller="elevhalsa", called="bup", came=Came.NO,
        consent="given", standing=PlanStanding.ONGOING, order=Order.CALLER,
    ),
    "referrals": ReferralFilter(
        back=Back.YEAR, sender="bvc", receiver="mvc", standing=ReferralStanding.NO_CONTACT, order=Order.RECEIVER
    ),
}  # fmt: skip
TOLD = {
    "deviations": "utskrivning, rapporterade av skola, motpart BUP, kommunen svarar, öppna mer än 90 dagar",
    "sips": "initierade av skola, kallande elevhälsa, kallad BUP, uteblev, samtycke gavs, pågår",
    "referrals": "från BVC, till MVC, utan kontakt",
}


@pytest.mark.parametrize("dataset", EVERY)
def test_an_address_and_a_store_hold_the_whole_question(dataset: str) -> None:
    every = EVERY[dataset]
    assert filter_of(dataset, parameters_of(every), 45) == every
    way = "/avvikelser?enhet=1287-A"
    question = Question(dataset, "1287-A", MARCH, 3, every, 80 if dataset == "deviations" else 90, way)
    assert question_of(question.store()) == question
    assert parameters_of(type(every)()) == {}
    assert narrowed_to(every) == TOLD[dataset]
    assert not every.every.is_narrowed
    for one in PARAMETERS[dataset]:
        codes, meanings = [word.code for word in one.words], [word.meaning for word in one.words]
        assert len({*codes}) == len({*meanings}) == len(codes), one.name
        assert all(re.fullmatch("[a-z0-9_-]+", code) and code != "alla" for code in codes), one.name
        assert getattr(type(every)(), one.attribute) not in meanings, "what is usual is not told"
    meant = {one.attribute: {word.meaning for word in one.words} for one in PARAMETERS[dataset]}
    assert meant["standing"] == set(type(every.standing))
    assert meant["order"] == {Order.NEWEST, *type(every).ORDERS}


@pytest.mark.parametrize("query", [{"kategori": "x"}, {"motpart": "x"}, {"lage": "öppna"}, {"tid": "x"}, {"svarar": 1}])
def test_an_unknown_choice_is_not_found(query: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        filter_of("deviations", query)


def test_a_number_is_a_way_only_for_who_reads_what_is_behind() -> None:
    ways = CaseWays("1287-A", MARCH, "/avvikelser?enhet=1287-A", lambda code: code == "1287-A", {"f": "Ett nyckeltal"})
    wanted = DeviationFilter(back=Back.YEAR, category="utskrivning")
    found = ways.number(7, wanted)
    assert found.href == (
        "/underlag?slag=avvikelser&enhet=1287-A&manad=2025-03&tid=ar&kategori=utskrivning"
        "&fran=%2Favvikelser%3Fenhet%3D1287-A"
    )
    assert told(found) == "7 avvikelser: utskrivning"
    assert ways.number(7, wanted, "1287-B") == "7"
    assert ways.number(0, wanted) == "0"
    sentence = ways.sentence(7, wanted)
    assert sentence is not None
    assert told(sentence) == "Se de sju avvikelserna"
    assert replace(ways, unit_code="1287-B").sentence(7, wanted) is None
    assert ways.figure("okänt") is None
