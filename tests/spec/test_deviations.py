"""What the figures about deviations mean, by small tables."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, SKANE, TRELLEBORG, Row, deviation, only, sip, table, unit


def test_an_answer_of_ours_is_due_on_day_60(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviation_answered_60d")
    ours, theirs = ("socialtjanst", "forskola", "skola", "elevhalsa", "oppen_forskola"), ("bup", "bvc", "polis")
    deliver(
        engine,
        "2024-04-30",
        org_units=ORGANISATION,
        deviations=[
            *[deviation(actor, "2024-01-31", "2024-03-31", counterpart_actor=actor) for actor in (*ours, *theirs)],
            deviation("on day 61", "2024-01-31", "2024-04-01", counterpart_actor="skola"),
            deviation("day 60 is leap day", "2023-12-31", "2023-12-31", counterpart_actor="skola"),
            deviation("never answered", "2024-02-01", counterpart_actor="skola"),
            deviation("day 60 is as-of", "2024-03-01", "2024-03-01", counterpart_actor="skola"),
            deviation("day 60 is tomorrow", "2024-03-02", "2024-03-03", counterpart_actor="skola"),
            deviation("only theirs in söder", "2024-02-01", unit_code="söder"),
        ],
    )
    assert table(engine, figures, "deviation_answered_60d") == {"2024-02": "1/1", "2024-03": "5/6", "2024-04": "1/2"}
    assert table(engine, figures, "deviation_answered_60d", "söder") == {}
    changed = deviation("skola", "2024-01-31", "2024-03-31", counterpart_actor="bup")
    deliver(engine, "2024-05-01", deviations=[changed], gone={"deviations": [deviation("never answered", "")]})
    assert table(engine, figures, "deviation_answered_60d") == {
        "2024-02": "1/1",
        "2024-03": "4/5",
        "2024-04": "1/1",
        "2024-05": "1/1*",
    }


def test_what_closed_deviations_led_to(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviation_action_decided", "deviation_solved_by_managers")
    reported = "2024-01-01"
    deliver(
        engine,
        "2024-05-10",
        org_units=ORGANISATION,
        deviations=[
            deviation("same day", reported, closed_on=reported, action_decided_on=reported, level="managers"),
            deviation("no action, no level", reported, closed_on="2024-01-31"),
            deviation("on leap day", reported, closed_on="2024-02-29", level="working_group"),
            deviation("decided afterwards", reported, closed_on="2024-02-29", action_decided_on="2024-03-01"),
            deviation("last of the tertial", reported, closed_on="2024-04-30", level="managers"),
            deviation("first of the next", reported, closed_on="2024-05-01", level="steering_group"),
            deviation("on as-of", reported, closed_on="2024-05-10", action_decided_on=reported, level="managers"),
            deviation("still open", reported, action_decided_on=reported, level="managers"),
        ],
    )
    assert table(engine, figures, "deviation_action_decided") == {
        "2024-01": "1/2",
        "2024-02": "1/2",
        "2024-04": "0/1",
        "2024-05": "1/2*",
    }
    assert table(engine, figures, "deviation_solved_by_managers") == {"2024-T1": "2/5", "2024-T2": "1/2*"}
    reopened = deviation("same day", reported, action_decided_on=reported, level="managers")
    deliver(engine, "2024-05-31", deviations=[reopened])
    assert table(engine, figures, "deviation_action_decided") == {
        "2024-01": "0/1",
        "2024-02": "1/2",
        "2024-04": "0/1",
        "2024-05": "1/2",
    }
    assert table(engine, figures, "deviation_solved_by_managers") == {"2024-T1": "1/4", "2024-T2": "1/2*"}


def test_the_effect_is_asked_for_90_days_after_the_decision(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviation_effect_assessed")

    def decided(on: str | None, assessed_on: str | None = None) -> Row:
        name = f"{on} {assessed_on}"
        return deviation(name, "2023-10-01", action_decided_on=on, effect_assessed_on=assessed_on)

    deliver(
        engine,
        "2024-05-31",
        org_units=ORGANISATION,
        deviations=[
            decided("2023-10-02", "2023-10-02"),  # day 90 is New Year's Eve
            decided("2024-01-31", "2024-05-31"),  # day 90 is the last of April; assessed late counts
            decided("2024-01-31"),
            decided("2024-02-01", "2024-02-01"),  # day 90 is the first of May
            decided("2024-03-02"),  # day 90 is as-of
            decided("2024-03-03", "2024-03-03"),  # … and tomorrow
            decided(None, "2024-02-01"),
        ],
    )
    assert table(engine, figures, "deviation_effect_assessed") == {
        "2023-T3": "1/1",
        "2024-T1": "1/2",
        "2024-T2": "1/2*",
    }
    deliver(engine, "2024-06-01", deviations=[decided("2024-01-31")], gone={"deviations": [decided("2024-03-02")]})
    assert table(engine, figures, "deviation_effect_assessed")["2024-T2"] == "2/2*"


@pytest.mark.parametrize(
    ("earlier", "last_day", "day_after"),
    [
        ("2023-10-31", "2024-04-30", "2024-05-01"),
        ("2023-08-29", "2024-02-29", "2024-03-01"),
        ("2023-08-31", "2024-02-29", "2024-03-01"),
        ("2023-08-28", "2024-02-28", "2024-02-29"),
        ("2024-02-29", "2024-08-29", "2024-08-30"),
    ],
)
def test_recurring_within_six_months(
    engine: Engine, catalogue: Catalogue, earlier: str, last_day: str, day_after: str
) -> None:
    figures = only(catalogue, "deviation_recurring")
    again = [deviation("1", last_day), deviation("2", earlier, unit_code="söder")]
    too_late = deviation("3", day_after, unit_code="söder")
    deliver(engine, "2024-12-31", org_units=ORGANISATION, deviations=[deviation("0", earlier), *again, too_late])
    assert list(table(engine, figures, "deviation_recurring").values())[-1].startswith("1/")
    assert list(table(engine, figures, "deviation_recurring", "söder").values())[-1] == "0/1"


def test_recurring_is_of_the_same_unit_category_and_counterpart(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviation_recurring")
    first = deviation("first", "2024-03-01")
    deliver(
        engine,
        "2024-05-10",
        org_units=ORGANISATION,
        deviations=[
            first,
            deviation("another category", "2024-03-02", category="utskrivning"),
            deviation("another counterpart", "2024-03-02", counterpart_actor="bvc"),
            deviation("another unit", "2024-03-02", unit_code="söder"),
            deviation("another municipality", "2024-03-02", municipality_code="1263"),
            deviation("the same", "2024-05-02"),
            deviation("two that day", "2024-05-02"),
        ],
    )
    assert table(engine, figures, "deviation_recurring") == {"2024-T1": "0/4", "2024-T2": "2/2*"}
    deliver(engine, "2024-05-10", gone={"deviations": [first]})
    assert table(engine, figures, "deviation_recurring") == {"2024-T1": "0/3", "2024-T2": "0/2*"}, "of the same day"
    deliver(engine, "2024-05-11", deviations=[deviation("told late", "2024-04-30")])
    assert table(engine, figures, "deviation_recurring") == {"2024-T1": "0/4", "2024-T2": "2/2*"}
    deliver(engine, "2024-05-11", deviations=[deviation("told later still", "2023-12-31")])
    assert table(engine, figures, "deviation_recurring", "soc") == {
        "2023-T3": "0/1",
        "2024-T1": "1/5",
        "2024-T2": "2/2*",
    }


def test_open_for_more_than_90_days(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviation_open_90d")
    deliver(
        engine,
        "2024-04-10",
        org_units=ORGANISATION,
        deviations=[
            deviation("day 91 is leap day", "2023-11-30"),
            deviation("day 91 is the first of March", "2023-12-01"),
            deviation("closed on the last day", "2023-11-30", closed_on="2024-02-29"),
            deviation("closed the day after", "2023-11-30", closed_on="2024-03-01"),
            deviation("day 91 is as-of", "2024-01-10"),
            deviation("day 91 is tomorrow", "2024-01-11"),
            deviation(
                "answered, yet open", "2023-12-01", "2023-12-02", unit_code="söder", action_decided_on="2024-01-01"
            ),
        ],
    )
    zeros = {"2023-11": "0", "2023-12": "0", "2024-01": "0"}
    assert table(engine, figures, "deviation_open_90d") == zeros | {"2024-02": "2", "2024-03": "2", "2024-04": "3*"}
    assert table(engine, figures, "deviation_open_90d", "soc")["2024-03"] == "3"
    closed = deviation("day 91 is leap day", "2023-11-30", closed_on="2024-03-31")
    gone = {"deviations": [deviation("day 91 is as-of", "")]}
    deliver(engine, "2024-04-30", deviations=[closed], gone=gone)
    assert table(engine, figures, "deviation_open_90d") == zeros | {"2024-02": "2", "2024-03": "1", "2024-04": "2"}


def test_disputes_about_responsibility_by_tertial(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviation_responsibility")
    deliver(
        engine,
        "2024-09-10",
        org_units=ORGANISATION,
        deviations=[
            deviation("a", "2024-01-01", category="oklart_ansvar"),
            deviation("b", "2024-04-30", category="finansieringstvist"),
            deviation("c", "2024-04-30", category="bristande_information"),
            deviation("d", "2024-09-01", category="oklart_ansvar"),
            deviation("e", "2024-09-01", unit_code="skolan"),
        ],
    )
    assert table(engine, figures, "deviation_responsibility", "soc") == {
        "2024-T1": "2",
        "2024-T2": "0",
        "2024-T3": "1*",
    }
    zeros = {"2024-T1": "0", "2024-T2": "0", "2024-T3": "0*"}
    assert table(engine, figures, "deviation_responsibility", "bild") == zeros
    assert table(engine, figures, "deviation_responsibility") == {}, "the board is the smallest level"


def test_silent_units_are_those_that_exist_and_have_not_reported_for_12_months(
    engine: Engine, catalogue: Catalogue
) -> None:
    figures = only(catalogue, "deviation_silent_units")
    some_time = [
        unit("closed before the end", "unit", "soc", valid_to="2024-04-29"),
        unit("closed on the last day", "unit", "soc", valid_to="2024-04-30"),
        unit("new", "unit", "soc", valid_from="2024-05-01"),
        unit("no unit", "administration", "soc"),
    ]
    deliver(
        engine,
        "2024-05-10",
        org_units=[*ORGANISATION, *some_time],
        deviations=[
            deviation("first of all", "2023-05-31"),  # in the first of the twelve months
            deviation("last day", "2024-04-30", unit_code="söder"),
            deviation("twice", "2024-04-30", unit_code="söder"),
            deviation("before it was a unit", "2024-04-30", unit_code="new"),
            deviation("on the board", "2024-01-01", unit_code="soc"),
            deviation("of the region's own", "2024-01-01", unit_code="bup"),
        ],
    )
    assert table(engine, figures, "deviation_silent_units", "soc") == {
        "2024-T1": "1/3",  # norr and söder have reported, one was closed on the last day
        "2024-T2": "2/3*",  # norr's was in May; the new unit is silent
    }
    assert table(engine, figures, "deviation_silent_units", "bild") == {"2024-T1": "1/1", "2024-T2": "1/1*"}
    assert table(engine, figures, "deviation_silent_units", SKANE) == {"2024-T1": "2/4", "2024-T2": "3/4*"}
    assert table(engine, figures, "deviation_silent_units") == {}, "the board is the smallest level"

    late = deviation("told late", "2023-04-30", unit_code="skolan")
    deliver(engine, "2024-05-10", deviations=[late], gone={"deviations": [deviation("first of all", "")]})
    assert table(engine, figures, "deviation_silent_units", "soc") == {"2024-T1": "2/3", "2024-T2": "2/3*"}
    assert table(engine, figures, "deviation_silent_units", "bild") == {"2024-T1": "1/1", "2024-T2": "1/1*"}, (
        "13 months"
    )


def test_silence_is_told_where_deliveries_hold_twelve_months(engine: Engine, catalogue: Catalogue) -> None:
    """Two municipalities: one begins too late for the first tertial, the other has not said anything since."""
    figures = only(catalogue, "deviation_silent_units")
    svedala = [unit("svedala", "municipality", SKANE, "1263"), unit("bara", "unit", "svedala", "1263")]
    theirs = deviation("b", "2023-05-01", unit_code="bara", municipality_code="1263")
    deliver(engine, "2024-04-30", org_units=[*ORGANISATION, *svedala], deviations=[theirs])
    deliver(engine, "2024-09-01", deviations=[deviation("a", "2023-06-01")])
    assert table(engine, figures, "deviation_silent_units", "svedala") == {"2024-T1": "0/1"}
    assert table(engine, figures, "deviation_silent_units", TRELLEBORG) == {"2024-T2": "3/3", "2024-T3": "3/3*"}
    assert table(engine, figures, "deviation_silent_units", SKANE) == {
        "2024-T1": "0/1",
        "2024-T2": "3/3*",  # Svedala's is not over, as far as it has told
        "2024-T3": "3/3*",
    }


def test_a_unit_that_moves_is_silent_in_the_board_that_it_belongs_to(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviation_silent_units")
    moved = unit("norr", "unit", "bild", valid_from="2024-05-01")
    rows = [deviation("a", "2023-05-01", unit_code="söder"), deviation("b", "2024-02-01")]
    deliver(engine, "2024-05-31", org_units=[*ORGANISATION, moved], deviations=rows)
    assert table(engine, figures, "deviation_silent_units", "soc") == {"2024-T1": "0/2", "2024-T2": "1/1*"}
    assert table(engine, figures, "deviation_silent_units", "bild") == {"2024-T1": "1/1", "2024-T2": "1/2*"}


def test_deviations_are_set_against_what_is_active_that_month(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviations_per_100_sip")
    deliver(
        engine,
        "2024-01-31",
        org_units=ORGANISATION,
        sips=[
            sip("a", met_on="2024-01-05"),
            sip("b", met_on="2024-01-05", closed_on="2024-03-01"),
            sip("c", met_on="2024-01-05", closed_on="2024-02-29"),
            sip("d", unit_code="söder", met_on="2024-01-05", closed_on="2024-03-10"),
        ],
    )
    assert table(engine, figures, "deviations_per_100_sip") == {}, "no deviations were ever delivered"
    deliver(
        engine,
        "2024-03-10",
        deviations=[
            deviation("first day", "2024-02-01"),
            deviation("leap day", "2024-02-29"),
            deviation("third", "2024-02-29"),
            deviation("as-of", "2024-03-10", unit_code="söder"),
            deviation("where no plan is", "2024-02-29", unit_code="skolan"),
        ],
    )
    assert table(engine, figures, "deviations_per_100_sip") == {"2024-02": "3/2=150", "2024-03": "0/1=0*"}
    assert table(engine, figures, "deviations_per_100_sip", "söder") == {"2024-02": "0/1=0"}, "nothing active in March"
    assert table(engine, figures, "deviations_per_100_sip", "skolan") == {}
    assert table(engine, figures, "deviations_per_100_sip", TRELLEBORG) == {
        "2024-02": "4/3=133.333",
        "2024-03": "1/1=100*",
    }
    deliver(engine, "2024-03-31", sips=[sip("b", met_on="2024-01-05")], gone={"deviations": [deviation("third", "")]})
    assert table(engine, figures, "deviations_per_100_sip") == {"2024-02": "2/2=100", "2024-03": "0/2=0"}
    deliver(engine, "2024-03-31", deviations=[deviation("told late", "2024-01-31", unit_code="söder")])
    assert table(engine, figures, "deviations_per_100_sip")["2024-01"] == "0/3=0", "January is held now"
    assert table(engine, figures, "deviations_per_100_sip", "soc")["2024-01"] == "1/4=25"


def test_only_municipalities_that_deliver_both_are_compared(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "deviations_per_100_sip")
    others = [unit("svedala", "municipality", SKANE, "1263"), unit("vellinge", "municipality", SKANE, "1233")]
    svedala, vellinge = (
        {"municipality_code": "1263", "unit_code": "svedala"},
        {"municipality_code": "1233", "unit_code": "vellinge"},
    )
    deliver(
        engine,
        "2024-02-29",
        org_units=[*ORGANISATION, *others],
        sips=[
            sip("a", met_on="2024-01-05"),
            sip("only plans there", met_on="2024-01-05", **svedala),
            sip("in the region's own unit", unit_code="bup", met_on="2024-02-05"),
        ],
        deviations=[
            deviation("a", "2024-01-10"),
            deviation("only deviations there", "2024-01-10", **vellinge),
            deviation("in the region's own unit", "2024-02-10", unit_code="bup"),
        ],
    )
    assert table(engine, figures, "deviations_per_100_sip", "svedala") == {}
    assert table(engine, figures, "deviations_per_100_sip", "vellinge") == {}
    assert table(engine, figures, "deviations_per_100_sip", "bup") == {"2024-02": "1/1=100"}
    assert table(engine, figures, "deviations_per_100_sip", SKANE) == {"2024-01": "1/1=100", "2024-02": "1/2=50"}
    theirs = deviation("b", "2024-02-29", **svedala)
    deliver(engine, "2024-02-29", deviations=[theirs, deviation("c", "2024-02-28", **svedala)])
    assert table(engine, figures, "deviations_per_100_sip", "svedala") == {"2024-02": "2/1=200"}
    assert table(engine, figures, "deviations_per_100_sip", SKANE) == {"2024-01": "1/1=100", "2024-02": "3/3=100"}
