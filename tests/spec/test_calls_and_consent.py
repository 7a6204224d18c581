"""What the figures about calls, meetings and consent mean, by small tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, SKANE, TRELLEBORG, Row, called, only, sip, table, unit


def test_a_meeting_within_30_days_of_the_initiative(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_met_30d")
    deliver(
        engine,
        "2024-04-10",
        org_units=ORGANISATION,
        sips=[
            sip("met on day 30", met_on="2024-01-31"),
            sip("met on day 31", met_on="2024-02-01"),
            sip("declined is left out", consent="declined"),
            sip("day 30 is a leap day, met the same day", initiated_on="2024-01-30", met_on="2024-01-30"),
            sip("blank consent counts", initiated_on="2024-01-30", consent=None),
            sip("day 30 is the day after", initiated_on="2024-01-31", met_on="2024-02-29"),
            sip("withdrawn counts", initiated_on="2024-01-31", consent="withdrawn", consent_on="2024-02-01"),
            sip("day 30 is as-of", initiated_on="2024-03-11", met_on="2024-03-11"),
            sip("day 30 has not come, though met", initiated_on="2024-03-12", met_on="2024-03-12"),
            sip("of an unknown unit", unit_code="okänd", met_on="2024-01-31"),
        ],
    )
    expected = {"2024-01": "1/2", "2024-02": "1/2", "2024-03": "1/2", "2024-04": "1/1*"}
    assert table(engine, figures, "sip_met_30d") == expected
    assert table(engine, figures, "sip_met_30d", SKANE) == expected
    assert table(engine, figures, "sip_met_30d", "söder") == {}, "a share of nothing is missing, not zero"

    corrected = [sip("met on day 31", met_on="2024-01-30"), sip("declined is left out", consent="unknown")]
    deliver(engine, "2024-04-11", sips=corrected, gone={"sips": [sip("blank consent counts")]})
    assert table(engine, figures, "sip_met_30d") == expected | {
        "2024-01": "2/3",
        "2024-02": "1/1",
        "2024-04": "2/2*",
    }


def test_declined_is_of_those_who_answered(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_declined")
    deliver(
        engine,
        "2024-05-02",
        org_units=ORGANISATION,
        sips=[
            sip("last day of the year before", initiated_on="2023-12-31", consent="declined"),
            sip("given", initiated_on="2024-01-01"),
            sip("withdrawn was given", initiated_on="2024-02-29", consent="withdrawn"),
            sip("declined, no matter when", initiated_on="2024-04-30", consent="declined", consent_on="2024-05-02"),
            sip("unknown is left out", initiated_on="2024-03-01", consent="unknown"),
            sip("blank is left out", initiated_on="2024-03-01", consent=None),
            sip("next tertial", initiated_on="2024-05-01", consent="declined"),
            sip("only unknown in söder", unit_code="söder", consent="unknown"),
        ],
    )
    assert table(engine, figures, "sip_declined") == {"2023-T3": "1/1", "2024-T1": "1/3", "2024-T2": "1/1*"}
    assert table(engine, figures, "sip_declined", "söder") == {}


def test_established_without_known_consent_is_told_apart(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_consent_unknown")
    deliver(
        engine,
        "2024-03-10",
        org_units=ORGANISATION,
        sips=[
            sip("given", met_on="2024-01-31"),
            sip("blank", met_on="2024-01-31", consent=None),
            sip("unknown", met_on="2024-02-29", consent="unknown"),
            sip("unknown, not met", consent="unknown"),
            sip("withdrawn", met_on="2024-02-29", consent="withdrawn"),
            sip("on as-of, in söder", unit_code="söder", met_on="2024-03-10", consent="unknown"),
        ],
    )
    assert table(engine, figures, "sip_consent_unknown") == {"2024-01": "1", "2024-02": "1", "2024-03": "0*"}
    assert table(engine, figures, "sip_consent_unknown", "soc")["2024-03"] == "1*"
    gone = {"sips": [sip("unknown")]}
    deliver(engine, "2024-03-31", sips=[sip("blank", met_on="2024-02-01", consent="given")], gone=gone)
    assert table(engine, figures, "sip_consent_unknown", "soc") == {"2024-01": "0", "2024-02": "0", "2024-03": "1"}


def test_unannounced_is_of_the_absence_of_professionals(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_absence_unannounced")
    told: Row = {"absence": "announced"}
    untold: Row = {"absence": "unannounced"}
    deliver(
        engine,
        "2024-03-10",
        org_units=ORGANISATION,
        sips=[sip("a"), sip("b")],
        sip_participants=[
            called("a", "bup", "2024-02-01", attended=False, **untold),
            called("a", "skola", "2024-01-31", attended=True),  # the meeting's day is its earliest
            called("a", "barnet", "2024-01-31", attended=False, **untold),
            called("b", "bup", "2024-01-31", attended=False, **told),
            called("b", "polis", "2024-01-31", attended=False),  # nobody knows: in the denominator
            called("b", "skola", "2024-01-31", attended=True, **untold),  # came after all
            called("a", "bup", "2024-02-29", attended=False, meeting_no=2, **untold),
            called("a", "bup", "2024-03-10", attended=False, meeting_no=3, **told),
            called("never delivered", "bup", "2024-01-31", attended=False, **untold),
        ],
    )
    expected = {"2024-01 bup": "1/2", "2024-01 polis": "0/1", "2024-02 bup": "1/1", "2024-03 bup": "0/1*"}
    assert table(engine, figures, "sip_absence_unannounced") == expected
    came = called("b", "polis", "2024-01-31", attended=True)
    deliver(engine, "2024-03-31", sip_participants=[came], sips=[sip("never delivered", unit_code="söder")])
    assert table(engine, figures, "sip_absence_unannounced", "soc") == {
        "2024-01 bup": "2/3",
        "2024-02 bup": "1/1",
        "2024-03 bup": "0/1",
    }


def test_mandate_is_of_professionals_who_came(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_mandate")
    deliver(
        engine,
        "2024-05-10",
        org_units=ORGANISATION,
        sips=[sip("a"), sip("b", unit_code="skolan")],
        sip_participants=[
            called("a", "bup", "2024-05-01", attended=True, mandate=True),
            called("a", "skola", "2024-04-30", attended=True),  # the meeting's day is its earliest
            called("a", "polis", "2024-04-30", attended=False, mandate=True),  # had a mandate but stayed away
            called("a", "barnet", "2024-04-30", attended=True, mandate=True),
            called("a", "vardnadshavare", "2024-04-30", attended=True, mandate=True),
            called("a", "bup", "2024-05-01", attended=True, mandate=True, meeting_no=2),
            called("b", "bup", "2024-05-02", attended=False, mandate=True),  # nobody came: no share
            called("never delivered", "bup", "2024-03-01", attended=True, mandate=True),
        ],
    )
    assert table(engine, figures, "sip_mandate") == {"2024-T1": "1/2", "2024-T2": "1/1*"}
    assert table(engine, figures, "sip_mandate", "skolan") == {}
    late = sip("never delivered", unit_code="skolan", initiated_on="2024-02-01")
    corrected = called("a", "skola", "2024-05-01", attended=True, mandate=True)
    deliver(engine, "2024-05-10", sips=[late], sip_participants=[corrected])
    expected = {"2024-T1": "3/3", "2024-T2": "1/1*"}
    assert table(engine, figures, "sip_mandate", TRELLEBORG) == expected, "others still tell the earlier day"


def review(review_id: str, reviewed_on: str, *missing: str, unit_code: str = "norr", **fields: Any) -> Row:
    stated = ("needs_stated", "responsibilities_stated", "other_measures_stated", "lead_principal_stated")
    plain = {
        "review_id": review_id,
        "municipality_code": "1287",
        "unit_code": unit_code,
        "reviewed_on": reviewed_on,
        **{name: name not in missing for name in stated},
    }
    return plain | fields


def test_a_lawful_plan_states_all_four(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_lawful")
    deliver(
        engine,
        "2024-05-20",
        org_units=ORGANISATION,
        sip_reviews=[
            review("all four", "2024-04-30"),
            review("its plan was never delivered", "2024-02-29", sip_id="okänd"),
            review("1", "2024-01-01", "needs_stated"),
            review("2", "2024-01-01", "responsibilities_stated"),
            review("3", "2024-01-01", "other_measures_stated"),
            review("4", "2024-01-01", "lead_principal_stated"),
            review("next tertial", "2024-05-01"),
            review("in söder", "2024-05-20", "needs_stated", unit_code="söder"),
            review("of an unknown unit", "2024-05-20", unit_code="okänd"),
        ],
    )
    assert table(engine, figures, "sip_lawful") == {"2024-T1": "2/6", "2024-T2": "1/1*"}
    assert table(engine, figures, "sip_lawful", "soc") == {"2024-T1": "2/6", "2024-T2": "1/2*"}
    assert table(engine, figures, "sip_lawful", "bild") == {}


def test_consent_and_coordinator_are_shares_of_what_is_active_on_the_last_day(
    engine: Engine, catalogue: Catalogue
) -> None:
    figures = only(catalogue, "sip_consent_documented", "sip_coordinator")
    led = {"coordinator_named": True, "lead_principal": "region"}
    deliver(
        engine,
        "2024-04-10",
        org_units=ORGANISATION,
        sips=[
            sip("both", met_on="2024-01-31", **led),
            sip("blank consent, no lead", met_on="2024-01-31", consent=None, coordinator_named=True),
            sip("met on leap day, no coordinator", met_on="2024-02-29", lead_principal="municipality"),
            sip("withdrawn in March", met_on="2024-01-05", consent="withdrawn", consent_on="2024-03-31", **led),
            sip("declined is never active", met_on="2024-01-05", consent="declined", **led),
            sip("closed the day after", met_on="2024-01-05", closed_on="2024-02-01", **led),
            sip("turns 18 in April", met_on="2024-03-05", birth_date="2006-04-01", **led),
            sip("met and closed between two last days", met_on="2024-03-02", closed_on="2024-03-30"),
            sip("closed on the last day", unit_code="söder", met_on="2024-01-05", closed_on="2024-02-29", **led),
        ],
    )
    assert table(engine, figures, "sip_consent_documented") == {
        "2024-01": "2/4",
        "2024-02": "2/4",
        "2024-03": "3/4",
        "2024-04": "2/3*",
    }
    assert table(engine, figures, "sip_coordinator") == {
        "2024-01": "3/4",
        "2024-02": "2/4",
        "2024-03": "2/4",
        "2024-04": "1/3*",
    }
    assert table(engine, figures, "sip_coordinator", "söder") == {"2024-01": "1/1"}, "nothing active: no share"
    assert table(engine, figures, "sip_coordinator", "soc")["2024-01"] == "4/5"

    corrected = sip("blank consent, no lead", met_on="2024-01-31", **led)
    deliver(engine, "2024-04-30", sips=[corrected], gone={"sips": [sip("both")]})
    assert table(engine, figures, "sip_consent_documented") == {
        "2024-01": "2/3",
        "2024-02": "2/3",
        "2024-03": "3/3",
        "2024-04": "2/2",
    }
    assert table(engine, figures, "sip_coordinator")["2024-04"] == "1/2"


def test_the_childs_voice_by_any_way_that_suits_it(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "sip_child_voice")
    ways = ("attended", "statement", "asked_declined", "observed", "none", None)
    deliver(
        engine,
        "2024-03-10",
        org_units=ORGANISATION,
        sips=[
            *[sip(f"{way}", met_on="2024-01-31", child_voice=way) for way in ways],
            sip("on leap day, declined afterwards", met_on="2024-02-29", child_voice="attended", consent="declined"),
            sip("on as-of", met_on="2024-03-10", child_voice="none"),
            sip("never met", child_voice="statement"),
            sip("not of an unknown unit", unit_code="okänd", met_on="2024-01-31", child_voice="attended"),
        ],
    )
    assert table(engine, figures, "sip_child_voice") == {"2024-01": "4/6", "2024-02": "1/1", "2024-03": "0/1*"}
    deliver(engine, "2024-03-31", sips=[sip("None", met_on="2024-03-31", child_voice="observed")])
    assert table(engine, figures, "sip_child_voice") == {"2024-01": "4/5", "2024-02": "1/1", "2024-03": "1/2"}


def test_two_municipalities_have_plans_of_the_same_name(engine: Engine, catalogue: Catalogue) -> None:
    """Rows of one municipality never meet a plan of another; the region adds both."""
    figures = only(catalogue, "sip_met_30d", "sip_mandate")
    svedala = unit("svedala", "municipality", SKANE, "1263")
    theirs = {"municipality_code": "1263", "unit_code": "svedala"}
    meetings = [
        called("a", "bup", "2024-01-20", attended=True, mandate=True),
        called("a", "bup", "2024-02-20", attended=True, municipality_code="1263"),
    ]
    deliver(
        engine,
        "2024-02-29",
        org_units=[*ORGANISATION, svedala],
        sips=[sip("a", met_on="2024-01-20"), sip("a", initiated_on="2024-01-10", **theirs)],
        sip_participants=meetings,
    )
    deliver(engine, "2024-05-10", sips=[sip("b", initiated_on="2024-05-01")])
    assert table(engine, figures, "sip_met_30d") == {"2024-01": "1/1"}
    assert table(engine, figures, "sip_met_30d", "svedala") == {"2024-02": "0/1"}
    assert table(engine, figures, "sip_met_30d", SKANE) == {"2024-01": "1/1", "2024-02": "0/1"}
    assert table(engine, figures, "sip_mandate") == {"2024-T1": "1/1"}
    assert table(engine, figures, "sip_mandate", "svedala") == {"2024-T1": "0/1*"}, "it has said nothing since"
    assert table(engine, figures, "sip_mandate", SKANE) == {"2024-T1": "1/2*"}
