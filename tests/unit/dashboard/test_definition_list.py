"""Who may not edit reads what every figure counts, in words; the way from a figure's page says what one may do."""

from __future__ import annotations

from sqlalchemy import Engine

from dashboard.components.definition import meaning_panel
from dashboard.components.definition_list import definition_list, row_id
from dashboard.context import Context
from dashboard.pages import definitions as page_of_definitions
from kpi.access import Grant, Role, Viewer
from kpi.live import LiveCatalogue
from kpi.organisation import organisation
from tests.builders.figures import MARCH, catalogue, share_row
from tests.builders.rendered import told
from tests.unit.dashboard.test_pages import page_of
from warehouse.database import reading
from warehouse.settings import Settings


def reader(role: Role) -> Viewer:
    return Viewer("någon", (Grant(role, "1287", frozenset({"1287-SN"})),))


def test_every_figure_is_told_in_words_with_its_owner_and_target() -> None:
    every = list(catalogue().definitions.values())
    said = told(definition_list(every, reader(Role.PRESIDIUM), MARCH))
    for one in every:
        assert one.name in said
        assert one.description.replace("\u00a0", "~") in said
    assert "Per månad Minst 90~%, föreslaget Enhetschef" in said


def test_a_member_is_led_to_what_has_been_released() -> None:
    member, chief = (str(definition_list([share_row(1, 2).definition], reader(role), MARCH).to_plotly_json())
                     for role in (Role.MEMBER, Role.CHIEF))  # fmt: skip
    assert "/jamforelse/sip_followed_up_in_time" in member
    assert "/nyckeltal/sip_followed_up_in_time" in chief


def test_a_figure_says_read_to_readers_and_change_to_who_may() -> None:
    page = page_of(share_row(1, 2))
    said, edited = told(meaning_panel(page)), told(meaning_panel(page, may_edit=True))
    assert ("Läs eller ändra" in said, "Läs eller ändra" in edited) == (False, True)
    assert f"/definitioner#{row_id('sip_followed_up_in_time')}" in str(meaning_panel(page).to_plotly_json())


def test_the_page_has_words_for_readers_and_the_text_for_who_may_edit(sqlite_engine: Engine) -> None:
    live = LiveCatalogue(Settings().definitions, Settings().last_good_definitions).state()
    said = {}
    for role in (Role.PRESIDIUM, Role.MEMBER, Role.CONTROLLER):
        with reading(sqlite_engine) as connection:
            found = page_of_definitions.page(Context(reader(role), organisation(()), live, connection, {}))
        said[role] = told(found.children)
    for role in (Role.PRESIDIUM, Role.MEMBER):
        assert "Här ändras" not in said[role]
        assert said[role].index("Så räknas det") < said[role].index("Texten bakom, för den som vill pröva")
    assert "Här ändras" in said[Role.CONTROLLER]
    assert "Texten bakom" not in said[Role.CONTROLLER]
