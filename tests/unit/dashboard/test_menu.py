"""The menu: few places stand in a row, many have the rest behind ”Mer”."""

from __future__ import annotations

from dashboard.components.shell import navigation
from kpi.access import Place
from tests.builders.rendered import told

FEW = (Place.PAPERS, Place.COMPARISON, Place.DEFINITIONS)
MANY = tuple(one for one in Place if one not in (Place.ACCESS, Place.USERS))


def test_few_places_stand_in_a_row() -> None:
    assert [told(one) for one in navigation("/", FEW)] == ["Handlingar", "Jämförelse", "Definitioner"]


def test_what_is_seldom_opened_lies_behind_more_and_no_place_is_lost() -> None:
    links = navigation("/atgarder", MANY)
    assert [told(one) for one in links[:-1]] == [
        "Översikt", "Nyckeltal", "Underlag", "Intern kontroll", "Bedömningar", "Åtgärder", "Handlingar",
    ]  # fmt: skip
    assert told(links[-1]) == "Mer Stängning Jämförelse Definitioner Leveranser"


def test_where_one_is_behind_more_is_marked() -> None:
    more = navigation("/leveranser", MANY)[-1]
    assert more.children[0].className == "is-here"
    assert more.key != navigation("/stangning", MANY)[-1].key, "another place closes it"
    assert more.key == navigation("/leveranser/1", MANY)[-1].key, "and no address is repeated in it"
