"""Saved views are their owner's alone; feedback reaches the administrators of the municipality. On both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from control.feedback import give_feedback, read_feedback
from control.saved_views import MOST, own_address, read_views, remove_view, save_view
from kpi.access import AccessDenied, Grant, Role, Viewer
from kpi.views.errors import NotFound
from warehouse.database import reading
from warehouse.errors import UserError

ME, OTHER = (Viewer(name, (Grant(Role.CHIEF, "1287", frozenset({"1287-SN"})),)) for name in ("jag", "en annan"))
ADMIN, NEIGHBOUR = (Viewer("admin", (Grant(Role.ADMIN, code),)) for code in ("1287", "1263"))


def names(engine: Engine, viewer: Viewer) -> list[str]:
    with reading(engine) as connection:
        return [one.name for one in read_views(connection, viewer)]


def test_a_view_is_its_owners_alone(engine: Engine) -> None:
    save_view(engine, ME, " Ärenden utan  svar ", "/underlag?enhet=1287-SN&manad=2025-03#rad")
    save_view(engine, ME, "Åtgärder", "/atgarder")
    save_view(engine, OTHER, "Åtgärder", "/atgarder")
    assert names(engine, ME) == ["Åtgärder", "Ärenden utan svar"], "å before ä"
    with reading(engine) as connection:
        kept = {one.name: one for one in read_views(connection, ME)}
        others = read_views(connection, OTHER)[0].number
    assert kept["Ärenden utan svar"].address == "/underlag?enhet=1287-SN&manad=2025-03"
    with pytest.raises(UserError, match="redan en vy som heter ”Åtgärder”"):
        save_view(engine, ME, "Åtgärder", "/")
    with pytest.raises(NotFound):
        remove_view(engine, ME, others)
    remove_view(engine, ME, kept["Åtgärder"].number)
    assert names(engine, ME) == ["Ärenden utan svar"]
    assert names(engine, OTHER) == ["Åtgärder"]


@pytest.mark.parametrize(
    "address", ["//annan.example/x", "https://annan.example", "/\\annan.example", "underlag", "", None, "javascript:x",
                "/x" * 300, "/a\nb", "http://["],
)  # fmt: skip
def test_an_address_that_leads_elsewhere_is_not_kept(address: str | None) -> None:
    with pytest.raises(UserError, match="leder inte till en sida i Samkoll"):
        own_address(address)


def test_there_is_an_end_and_a_name_holds_no_identity_number(engine: Engine) -> None:
    for at in range(MOST):
        save_view(engine, ME, f"Vy {at}", "/")
    with pytest.raises(UserError, match="Ta bort en"):
        save_view(engine, ME, "En till", "/")
    with pytest.raises(UserError, match="personnummer"):
        save_view(engine, OTHER, "Ärende 20120101-2384", "/")


def test_feedback_reaches_the_own_administrators_and_names_nobody(engine: Engine) -> None:
    give_feedback(engine, ME, "Diagrammet går inte att läsa.", "/sip-processen", "")
    with reading(engine) as connection:
        (found,) = read_feedback(connection, ADMIN)
        assert (found.about, found.text, found.reply_to) == ("/sip-processen", "Diagrammet går inte att läsa.", "")
        assert "jag" not in repr(found)
        assert read_feedback(connection, NEIGHBOUR) == ()
        with pytest.raises(AccessDenied):
            read_feedback(connection, ME)
    with pytest.raises(UserError, match="Synpunkten saknas"):
        give_feedback(engine, ME, "  ", "", "")
    with pytest.raises(UserError, match="ingen kommun"):
        give_feedback(engine, Viewer("ingen", ()), "Hej", "", "")
