"""Sparade vyer: the reader's own addresses under names."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from control.saved_views import LONGEST_NAME, SavedView, own_address, read_views
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.form_fields import form_of, line
from dashboard.components.head import page_head
from dashboard.components.link import link
from dashboard.context import Context, Page
from warehouse.errors import UserError

FORM, REMOVE_TYPE = "saved-view", "remove-view"
PATH = "/vyer"


def page(context: Context) -> Page:
    """The own views; with `spara` in the address, a form that saves that one. For every reader."""
    views = read_views(context.connection, context.viewer)
    children: list[Any] = [page_head("Sparade vyer"), *_form(context.query), html.Div(id="views-said", role="status")]
    if views:
        children.append(html.Ul([_view(one) for one in views], className="steps saved"))
    else:
        words = "Du har inga sparade vyer. Öppna en sida, välj nämnd och månad, och tryck på Spara vyn längst ned."
        children.append(states.empty(words))
    return Page("Sparade vyer", children)


def _form(query: Any) -> list[Any]:
    wanted = query.get("spara")
    if not wanted:
        return []
    try:
        address = own_address(wanted)
    except UserError as error:
        return [html.P(str(error), className="notice")]
    name = query.get("namn", "").removesuffix(" – Samkoll")[:LONGEST_NAME]
    field = line(FORM, "name", "Namn på vyn", name, "Bara du ser dina sparade vyer.")
    store = dcc.Store(id=f"{FORM}-about", data={"address": address})
    return [html.Div([store, form_of(FORM, [field], "Spara vyn", is_main=True)], className="panel")]


def _view(one: SavedView) -> html.Li:
    remove = dmc.Button(
        "Ta bort", id={"type": REMOVE_TYPE, "number": one.number}, variant="default", size="xs",
        **aria(label=f"Ta bort vyn {one.name}"),
    )  # fmt: skip
    return html.Li([link(one.name, one.address), remove])
