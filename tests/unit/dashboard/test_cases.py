"""How the rows behind the figures are told, and which figures lead to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dashboard.case_words import CLOSED, EFFECTS, counted
from dashboard.components.case_table import cells_of, columns_of
from dashboard.context import Context
from dashboard.figure_ways import figure_ways
from kpi.access import Grant, Role, Viewer
from kpi.code_words import PARTS
from kpi.organisation import Unit, organisation
from kpi.views.behind import rows_behind
from kpi.views.case_filter import Back, CaseFilter, Day
from kpi.views.case_rows import Case, CaseRow, Deviation, Plan, Referral
from kpi.views.deviation_filter import DeviationFilter, Standing
from kpi.views.plan_filter import PlanFilter, PlanStanding
from kpi.views.referral_filter import ReferralFilter
from kpi.views.rows import FigurePage
from tests.builders.figures import BOARD, MARCH, MUNICIPALITY, catalogue, plain_row, value
from tests.builders.rendered import told
from warehouse.contract import DATASETS, DEVIATION_CATEGORIES

DAY = date(2025, 3, 4)
BARE_PLAN = Plan(
    "S1", "1287", "1287-A", DAY, "skola", None, None, "unknown", None, False, None, None, None, None, None, None, None,
    None,
)  # fmt: skip


def shown(row: CaseRow) -> str:
    return told(cells_of(Case(("1287", "K1"), DAY, Unit("1287-A", "Alfa", "unit", None, "1287"), row)))


def test_a_plan_tells_what_is_done_and_what_is_missing() -> None:
    assert shown(BARE_PLAN) == (
        "K1 Alfa 4~mar~2025 av skola Okänt saknas saknas saknas ingen samordnare saknas saknas saknas"
    )
    plan = replace(
        BARE_PLAN, calling_actor="bup", called_on=DAY, consent="given", met_on=DAY, coordinator_named=True,
        lead_principal="region", child_voice="attended", agreed_follow_up_on=DAY, evaluated_on=DAY,
        goal_attainment="partial", closed_on=DAY, closed_reason="age_18",
    )  # fmt: skip
    assert shown(plan) == (
        "K1 Alfa 4~mar~2025 av skola Gavs 4~mar~2025 av BUP 4~mar~2025 barnet deltog Regionen samordnare utsedd "
        "Inte gjord avtalad till 4~mar~2025 4~mar~2025 mål nådda: delvis 4~mar~2025 fyllde 18"
    )
    assert "Gjord 4~mar~2025" in shown(replace(plan, followed_up_on=DAY))


def test_a_deviation_and_a_referral() -> None:
    deviation = Deviation(
        "D1", "1287", "1287-A", DAY, DAY, "skola", "bup", "utskrivning", "high", "managers", "S1", DAY, DAY, DAY,
        "partly", None,
    )  # fmt: skip
    assert shown(deviation) == (
        "K1 Alfa 4~mar~2025 inträffade 4~mar~2025 Utskrivning allvarlighet hög rör S1 Skola → BUP 4~mar~2025 "
        "4~mar~2025 av chefer 4~mar~2025 delvis effekt saknas"
    )
    assert "av chefer" not in shown(replace(deviation, action_decided_on=None))
    referral = Referral("H1", "1287", "1287-A", DAY, "bvc", "socialtjanst", DAY, None, "no_contact")
    assert shown(referral) == "K1 Alfa 4~mar~2025 BVC → socialtjänst 4~mar~2025 saknas Ingen kontakt"
    for row, dataset in ((deviation, "deviations"), (BARE_PLAN, "sips"), (referral, "referrals")):
        case = Case(("1287", "K1"), DAY, None, row)
        assert len(cells_of(case)) == len(columns_of(dataset))
        assert "okänd enhet" in told(cells_of(case))


def test_every_code_has_its_word() -> None:
    assert set(PARTS["category"]) == set(DEVIATION_CATEGORIES)
    assert set(EFFECTS) == set(DATASETS["deviations"].field("effect").codes)
    assert set(CLOSED) == set(DATASETS["sips"].field("closed_reason").codes)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "Inga avvikelser"), (1, "En avvikelse"), (12, "Tolv avvikelser"), (51, "51 avvikelser")]
)
def test_the_first_sentence_counts(count: int, words: str) -> None:
    assert counted("deviations", count) == words


@pytest.mark.parametrize(
    ("kpi_id", "dataset", "wanted"),
    [
        ("deviations_reported", "deviations", DeviationFilter()),
        ("deviation_action_decided", "deviations", DeviationFilter(by=Day.CLOSED)),
        ("deviation_open_90d", "deviations", DeviationFilter(back=Back.ALL, standing=Standing.OPEN_LONG)),
        ("sip_follow_up_overdue", "sips", PlanFilter(back=Back.ALL, standing=PlanStanding.FOLLOW_UP_OVERDUE)),
        ("sip_established", "sips", PlanFilter(by=Day.FIRST_MEETING)),
        ("sip_active", "sips", PlanFilter(back=Back.ALL, standing=PlanStanding.ONGOING)),
        ("sip_closed_evaluated", "sips", PlanFilter(back=Back.TERTIAL, by=Day.CLOSED)),
        ("sip_call_complete", "sips", PlanFilter(by=Day.CALLED)),
        ("sip_met_30d", "sips", PlanFilter(after_days=30)),
        ("deviation_feedback_60d", "deviations", DeviationFilter(after_days=60)),
        ("sip_goal_attainment", None, None),
        ("deviation_effect_assessed", None, None),
        ("deviation_silent_units", "deviations", DeviationFilter(back=Back.YEAR)),
        ("sip_followed_up_in_time", "sips", PlanFilter(by=Day.FOLLOW_UP, after_days=14)),
        ("sip_full_attendance", "sips", PlanFilter(by=Day.MEETING)),
        ("sip_activities_done", "sips", PlanFilter(by=Day.ACTIVITY, after_days=14)),
        ("referral_flows", "referrals", ReferralFilter()),
        ("training_coverage", None, None),
        ("school_health_access", None, None),
        ("controls_on_time", None, None),
    ],
)
def test_which_figures_lead_to_which_rows(kpi_id: str, dataset: str | None, wanted: CaseFilter | None) -> None:
    found = rows_behind(catalogue(), catalogue().definitions[kpi_id])
    assert found == (None if dataset is None else (dataset, wanted))


CHIEF = Viewer("chef", (Grant(Role.CHIEF, "1287", frozenset({"1287-SN"})),))
PRESIDIUM = Viewer("presidium", (Grant(Role.PRESIDIUM, "1287", frozenset({"1287-SN"})),))


def ways(kpi_id: str, viewer: Viewer, unit: Unit = BOARD, period: str = "2025-03") -> str:
    """Their words, each with its address."""
    row = replace(plain_row(kpi_id, value(1.0, period)), unit=unit)
    found = FigurePage(row, MARCH, (), (), (), (), 0, 0, is_synthetic=False)
    units = organisation([replace(MUNICIPALITY, parent_code=None), BOARD])
    context = Context(viewer, units, cast("Any", SimpleNamespace(catalogue=catalogue())), cast("Any", None), {})
    return " ".join(
        f"{told(one)} <{one.children[0].href.partition('&fran=')[0]}>" for one in figure_ways(context, found)
    )


def test_each_figure_leads_to_what_is_behind_it() -> None:
    board = "enhet=1287-SN&manad=2025-03"
    assert ways("sip_established", PRESIDIUM).endswith(f"till mötena </sip-processen?{board}>")
    assert f"</underlag?slag=sip&{board}&dag=forsta-mote>" in ways("sip_established", CHIEF)
    shown = ways("sip_mandate", CHIEF, period="2024-T3")
    assert "Se underlaget : SIP som hade möte från september~2024 till december~2024 <" in shown
    assert "manad=2024-12&tid=tertial&dag=mote>" in shown
    assert ways("deviations_reported", PRESIDIUM) == (
        "Se avvikelserna bakom : kategorier, motparter, tider och öppna "
        f"</avvikelser?{board}&nyckeltal=deviations_reported>"
    )
    above = ways("referral_flows", CHIEF, MUNICIPALITY)
    assert f"i Socialnämnden </familjecentral?{board}>" in above, "a municipality's rows are several boards'"
    assert f"</underlag?slag=hanvisningar&{board}>" in above
    assert "/underlag" not in ways("referral_lost", CHIEF), "its day is none that rows are asked by"
    due = ways("deviation_feedback_60d", CHIEF)
    assert (
        f"avvikelser där dag 60 efter rapporten inföll i mars~2025 </underlag?slag=avvikelser&{board}&efter=60>" in due
    )
    assert ways("controls_on_time", PRESIDIUM).endswith("</intern-kontroll?enhet=1287-SN>")
    assert ways("board_reports_on_time", PRESIDIUM).endswith("</handlingar>")
    assert ways("training_coverage", CHIEF) == ""
