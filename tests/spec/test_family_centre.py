"""What the figures about the family centres' referrals mean, case by case and by a month's counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, SKANE, TRELLEBORG, Row, only, table, unit

CONTACT, LOST = "referral_contact_30d", "referral_lost"


def referral(referral_id: str, referred_on: str, first_contact_on: str | None = None, **fields: Any) -> Row:
    plain = {
        "referral_id": referral_id,
        "municipality_code": "1287",
        "centre_code": "norr",
        "from_actor": "bvc",
        "to_actor": "socialtjanst",
        "referred_on": referred_on,
        "first_contact_on": first_contact_on,
    }
    return plain | fields


def counted(month: str, referred: int, **fields: Any) -> Row:
    """A month's referrals from a centre that counts only: söder."""
    plain = {
        "municipality_code": "1287",
        "centre_code": "söder",
        "month": month,
        "from_actor": "bvc",
        "to_actor": "socialtjanst",
        "referred": referred,
    }
    return plain | fields


def test_contact_is_due_on_day_30_of_each_referral(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, CONTACT)
    deliver(
        engine,
        "2024-03-31",
        org_units=ORGANISATION,
        referrals=[
            referral("on day 30", "2024-01-01", "2024-01-31"),
            referral("on day 31", "2024-01-01", "2024-02-01"),
            referral("never", "2024-01-01"),
            referral("declined counts", "2024-01-01", outcome="declined"),
            referral("to the open preschool counts", "2024-01-30", "2024-01-30", to_actor="oppen_forskola"),
            referral("day 30 is the first of March", "2024-01-31", "2024-01-31"),
            referral("day 30 is as-of", "2024-03-01"),
            referral("day 30 is tomorrow", "2024-03-02", "2024-03-02"),
            referral("from an unknown centre", "2024-01-01", "2024-01-01", centre_code="okänd"),
        ],
    )
    expected = {"2024-01": "1/4", "2024-02": "1/1", "2024-03": "1/2"}
    assert table(engine, figures, CONTACT, TRELLEBORG) == expected
    assert table(engine, figures, CONTACT, SKANE) == expected
    assert table(engine, figures, CONTACT, "soc") == {}, "the municipality is the smallest level"
    changed = [referral("never", "2024-01-01", "2024-01-02"), referral("day 30 is as-of", "2024-03-02")]
    gone = {"referrals": [referral("on day 31", "")]}
    deliver(engine, "2024-03-31", referrals=changed, gone=gone)
    assert table(engine, figures, CONTACT, TRELLEBORG) == {"2024-01": "2/3", "2024-02": "1/1", "2024-03": "1/1"}


def test_lost_is_without_contact_on_day_60_unless_declined_or_to_the_open_preschool(
    engine: Engine, catalogue: Catalogue
) -> None:
    figures = only(catalogue, LOST)
    deliver(
        engine,
        "2024-04-10",
        org_units=ORGANISATION,
        referrals=[
            referral("day 60 is leap day, contact then", "2023-12-31", "2024-02-29"),
            referral("contact the day after", "2023-12-31", "2024-03-01"),
            referral("no contact", "2023-12-31", outcome="no_contact"),
            referral("blank outcome counts", "2024-01-01"),
            referral("received, yet no contact", "2024-01-01", outcome="received"),
            referral("declined is left out", "2024-01-01", outcome="declined"),
            referral("the open preschool is left out", "2024-01-01", to_actor="oppen_forskola"),
            referral("day 60 is as-of", "2024-02-10", "2024-02-10"),
            referral("day 60 is tomorrow", "2024-02-11"),
        ],
    )
    expected = {"2024-02": "2/3", "2024-03": "2/2", "2024-04": "0/1*"}
    assert table(engine, figures, LOST, TRELLEBORG) == expected
    changed = referral("received, yet no contact", "2024-01-01", outcome="declined")
    deliver(engine, "2024-04-10", referrals=[changed])
    assert table(engine, figures, LOST, TRELLEBORG) == expected | {"2024-03": "1/1"}


def test_a_months_counts_wait_until_its_last_day_has_had_its_days(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, CONTACT, LOST)
    open_preschool = {"to_actor": "oppen_forskola"}
    deliver(
        engine,
        "2024-02-28",
        org_units=ORGANISATION,
        referrals=[referral("a case beside", "2024-01-01", "2024-01-01")],
        referral_counts=[
            counted("2023-11", 4, contact_within_30d=3),
            counted("2023-12", 5, no_contact_60d=2),
            counted("2023-12", 6, contact_within_30d=6, no_contact_60d=0, **open_preschool),
            counted("2024-01", 7, contact_within_30d=0, no_contact_60d=7),
            counted("2024-02", 8, contact_within_30d=1, no_contact_60d=0),
            counted("2024-01", 0, contact_within_30d=0, no_contact_60d=0, centre_code="skolan"),
        ],
    )
    assert table(engine, figures, CONTACT, TRELLEBORG) == {"2023-11": "3/4", "2023-12": "6/6", "2024-01": "1/1"}
    assert table(engine, figures, LOST, TRELLEBORG) == {}, "New Year's Eve + 60 is leap day"
    deliver(engine, "2024-02-29", municipalities={"referral_counts": ["1287"]})
    assert table(engine, figures, LOST, TRELLEBORG) == {"2023-12": "2/5"}
    deliver(engine, "2024-03-01", municipalities={"referral_counts": ["1287"]})
    assert table(engine, figures, CONTACT, TRELLEBORG)["2024-01"] == "1/8"
    assert table(engine, figures, LOST, TRELLEBORG) == {"2023-12": "2/5", "2024-03": "0/1*"}
    deliver(engine, "2024-03-29", municipalities={"referrals": ["1287"]})
    assert "2024-02" not in table(engine, figures, CONTACT, TRELLEBORG), "leap day + 30 is 30 March"
    corrected = counted("2023-12", 5, no_contact_60d=None)
    gone = {"referral_counts": [counted("2023-11", 4)]}
    deliver(engine, "2024-03-30", referral_counts=[corrected], gone=gone)
    assert table(engine, figures, CONTACT, TRELLEBORG) == {"2023-12": "6/6", "2024-01": "1/8", "2024-02": "1/8"}
    assert table(engine, figures, LOST, TRELLEBORG) == {"2024-03": "0/1*"}, "blank is not told, and never zero"
    deliver(engine, "2024-03-31", municipalities={"referrals": ["1287"]})
    assert table(engine, figures, LOST, TRELLEBORG) == {"2024-01": "7/7", "2024-03": "0/1"}


def test_counts_lie_where_the_centre_stood_on_the_months_first_day(engine: Engine, catalogue: Catalogue) -> None:
    """A case is placed by its own due day; a month's counts by the month's first."""
    figures = only(catalogue, CONTACT)
    svedala = unit("svedala", "municipality", SKANE, "1263")
    moved = [unit(code, "unit", "svedala", "1263", valid_from="2024-01-02") for code in ("norr", "söder")]
    deliver(
        engine,
        "2024-03-31",
        org_units=[*ORGANISATION, svedala, *moved],
        referrals=[referral("day 30 is the first", "2023-12-02"), referral("day 30 is the second", "2023-12-03")],
        referral_counts=[
            counted("2024-01", 7, contact_within_30d=3),
            counted("2024-02", 8, contact_within_30d=4),
        ],
    )
    assert table(engine, figures, CONTACT, TRELLEBORG) == {"2024-01": "3/8"}
    assert table(engine, figures, CONTACT, "svedala") == {"2024-01": "0/1", "2024-02": "4/8"}
    assert table(engine, figures, CONTACT, SKANE) == {"2024-01": "3/9", "2024-02": "4/8"}
