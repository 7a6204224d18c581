"""What becomes of referrals, by hand-counted days; and where the Sankey's bars stand."""

from __future__ import annotations

from datetime import date, timedelta

from dashboard.figures.palette import LIGHT
from dashboard.figures.sankey import sankey
from kpi.period import Period
from kpi.referrals import Contact, Counted, Referred, by_part, contacts, together
from kpi.rolling import Matrix

FIRST, LAST, AS_OF = Period.parse("2025-01"), Period.parse("2025-12"), date(2025, 12, 31)
BEFORE = date(2024, 12, 1)


def made(on: date, contact: int | None, to: str = "bvc", *, declined: bool = False) -> Referred:
    return Referred("F", to, on, None if contact is None else on + timedelta(days=contact), declined)


def one(*referred: Referred, as_of: date = AS_OF) -> Contact:
    return together(contacts(referred, (), FIRST, LAST, as_of))


def test_a_referral_counts_when_its_day_falls() -> None:
    assert one(made(date(2025, 3, 1), 30)) == Contact(1, 1, 1, 0, (30,))
    assert one(made(date(2025, 3, 1), 31)) == Contact(1, 0, 1, 0, (31,))
    assert one(made(date(2025, 3, 1), 60)) == Contact(1, 0, 1, 0, (60,))
    assert one(made(date(2025, 3, 1), 61)) == Contact(1, 0, 1, 1)
    assert one(made(date(2025, 3, 1), None)) == Contact(1, 0, 1, 1)
    assert one(made(BEFORE, None)) == Contact(0, 0, 1, 1), "day 30 fell the year before"
    assert one(made(date(2025, 12, 1), None)) == Contact(1, 0), "day 60 has not come"
    assert one(made(date(2025, 12, 1), None), as_of=date(2025, 12, 30)) == Contact()
    assert one(made(date(2025, 3, 1), None, declined=True)) == Contact(1, 0)
    assert one(made(date(2025, 3, 1), None, "oppen_forskola")) == Contact(1, 0)


def test_a_months_numbers_count_when_the_days_after_it_have_passed() -> None:
    def of(month: str, contacted: int | None, lost: int | None, to: str = "bvc") -> Contact:
        return together(contacts((), [Counted("F", to, Period.parse(month), 9, contacted, lost)], FIRST, LAST, AS_OF))

    assert of("2025-10", 5, 2) == Contact(9, 5, 9, 2)
    assert of("2025-11", 5, 2) == Contact(9, 5), "30 November and 60 days have not passed"
    assert of("2025-12", 5, 2) == Contact()
    assert of("2024-12", 5, 2) == Contact()
    assert of("2025-03", None, None) == Contact()
    assert of("2025-03", 5, 2, "oppen_forskola") == Contact(9, 5)


def test_parts_add_up() -> None:
    found = contacts([made(date(2025, 3, 1), 3), made(date(2025, 3, 1), 9, "mvc")], (), FIRST, LAST, AS_OF)
    assert {actor: part.days for actor, part in by_part(found, 1).items()} == {"bvc": (3,), "mvc": (9,)}
    assert by_part(found, 0)["F"] == together(found)
    assert together(found).middle == 6
    assert Contact().middle is None
    assert (Contact().contacted_share, Contact().lost_share) == (None, None)
    assert (Contact(4, 3, 5, 1).contacted_share, Contact(4, 3, 5, 1).lost_share) == (0.75, 0.2)


def test_the_bars_of_the_flows_stand_in_order_and_never_overlap() -> None:
    cells = {("mvc", "bvc"): 1, ("bvc", "socialtjanst"): 40, ("bvc", "primarvard"): 8, ("socialtjanst", "bvc"): 0}
    sent, received = {"bvc": 48, "mvc": 1, "socialtjanst": 0}, {"bvc": 1, "primarvard": 8, "socialtjanst": 40}
    found = Matrix(tuple(sent), tuple(received), cells, sent, received, 49)
    (chart,) = sankey(found, LIGHT)["data"]
    assert chart["node"]["label"] == ["BVC 48", "MVC 1", "BVC 1", "Primärvård 8", "Socialtjänst 40"]
    assert chart["link"]["source"] == [0, 0, 1]
    assert chart["link"]["target"] == [3, 4, 2]
    assert chart["link"]["value"] == [8, 40, 1]
    for side in (chart["node"]["y"][:2], chart["node"]["y"][2:]):
        assert side == sorted(side)
        assert all(0 < at < 1 for at in side)
