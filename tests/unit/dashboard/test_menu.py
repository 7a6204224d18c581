"""The menu: few places as they are; of many, the first in a row and the rest behind ”Mer”, and all behind ”Meny”."""

from __future__ import annotations

from typing import Any

from dashboard.components.shell import navigation
from dashboard.pages.guide import STEPS
from kpi.access import Place
from tests.builders.rendered import told

FEW = (Place.PAPERS, Place.COMPARISON, Place.DEFINITIONS)
MANY = tuple(Place)


def _links(part: Any) -> list[str]:
    found = [part] if getattr(part, "href", None) else []
    below = getattr(part, "children", None) or []
    for one in below if isinstance(below, list) else [below]:
        found += _links(one) if not isinstance(one, str) else []
    return found


def test_few_places_stand_in_a_row() -> None:
    assert [told(one) for one in navigation("/", FEW)] == ["Handlingar", "Jämförelse", "Definitioner"]


def test_of_many_the_wide_menu_shows_the_first_and_the_narrow_one_all() -> None:
    row, narrow = navigation("/atgarder", MANY)
    assert [told(one) for one in row.children[:-1]] == [
        "Översikt", "Nyckeltal", "SIP-processen", "Avvikelser", "Familjecentral", "Intern kontroll", "Bedömningar",
        "Åtgärder", "Revision",
    ]  # fmt: skip
    assert [one.href for one in _links(row)] == [one.href for one in _links(narrow)], "both lead to every place"
    assert len(_links(row)) == len(MANY)
    assert [told(one) for one in _links(narrow) if getattr(one, "aria-current", None)] == ["Åtgärder"]


def test_a_closed_part_tells_that_the_reader_is_in_it_and_closes_at_another_place() -> None:
    more = navigation("/leveranser", MANY)[0].children[-1]
    assert more.children[0].className == "is-here"
    assert more.key != navigation("/stangning", MANY)[0].children[-1].key, "another place closes it"
    assert more.key == navigation("/leveranser/1", MANY)[0].children[-1].key, "and no address is repeated in it"


def test_the_guide_tells_of_every_place_that_the_menu_has() -> None:
    assert sorted(place for place, _ in STEPS) == sorted(Place)
