"""The frame around every page. It holds no data: the page's content is asked for once the browser has loaded it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import texts
from dashboard.components.attributes import aria
from dashboard.components.link import link
from dashboard.places import ADDRESSES, place_at
from dashboard.theme import THEME
from kpi.access import Place


def shell(corner: Callable[[], Any]) -> dmc.MantineProvider:
    """The layout. `corner`: what the login puts in the upper corner."""
    return dmc.MantineProvider(
        [
            dcc.Location(id="address", refresh="callback-nav"),
            dcc.Store(id="viewer-changed", data=0),
            dcc.Store(id="title"),
            html.A("Hoppa till innehållet", href="#main", className="skip"),
            html.Header(_top(corner()), className="top"),
            html.P(id="written-said", className="written-said", role="status"),
            html.P(id="page-said", className="visually-hidden", role="status"),
            html.Main(_loading(), id="main", className="page", tabIndex=-1),
            html.Footer(_foot(), className="foot"),
        ],
        theme=THEME,
        defaultColorScheme="auto",
    )


_HELP = (
    ("Första gången här?", "/guide"),
    ("Ordlista", "/ordlista"),
    ("Sparade vyer", "/vyer"),
    ("Tillgänglighet", "/tillganglighet"),
)
_FEW = 4
"""So many places stand in the menu as they are, in every width."""
_BEHIND = frozenset(
    {Place.PAPERS, Place.CLOSING, Place.COMPARISON, Place.ROWS, Place.DEFINITIONS, Place.DELIVERIES}
    | {Place.ACCESS, Place.USERS}
)
"""What is opened now and then: behind ”Mer” for who has many places."""


def navigation(path: str, places: Sequence[Place]) -> list[Any]:
    """The links to the viewer's places, the present one marked; the start is the first of them.

    Of many, a wide window shows the first in a row and the rest behind ”Mer”, and a narrow one all behind ”Meny”: the
    style sheet shows one of the two."""
    here = place_at(path)
    if here is Place.OVERVIEW:
        here = next(iter(places), None)
    if len(places) <= _FEW:
        return [_place(place, here) for place in places]
    behind = [place for place in places if place in _BEHIND]
    row = [_place(place, here) for place in places if place not in behind]
    more = [_closed("Mer", behind, here)] if behind else []
    return [
        html.Div([*row, *more], className="nav-row"),
        html.Div(_closed("Meny", places, here), className="nav-all"),
    ]


def _place(place: Place, here: Place | None) -> dmc.Anchor:
    current = aria(current="page") if place is here else {}
    return dmc.Anchor(str(place), href=ADDRESSES[place], unstyled=True, **current)


def _closed(name: str, places: Sequence[Place], here: Place | None) -> html.Details:
    """A part of the menu, closed anew at every place."""
    links = html.Div([_place(place, here) for place in places], className="nav-more")
    return html.Details(
        [html.Summary(name, className="is-here" if here in places else ""), links], key=f"{name} {here}"
    )


def _foot() -> list[Any]:
    return [
        html.Span("Samkoll: nyckeltal för nämndens interna kontroll av samverkan kring barn och unga"),
        html.Nav(
            [link(words, href) for words, href in _HELP], className="foot-links", **aria(label="Hjälp och om tjänsten")
        ),
    ]


def _loading() -> html.P:
    return html.P("Hämtar uppgifter …", className="loading", role="status")


def _top(corner: Any) -> html.Div:
    return html.Div(
        [
            link([html.Img(src="/assets/favicon.svg", alt=""), texts.PRODUCT], "/", className="brand"),
            html.Nav([], id="navigation", className="nav", **aria(label="Huvudmeny")),
            html.Div(
                [
                    link("Sök", "/sok", className="find"),
                    corner,
                    dmc.ColorSchemeToggle(
                        id="scheme",
                        lightIcon=html.Span("☀", **aria(hidden="true")),
                        darkIcon=html.Span("☾", **aria(hidden="true")),
                        size="lg",
                        variant="default",
                        **aria(label="Byt mellan ljust och mörkt"),
                    ),
                ],
                className="top-end",
            ),
        ],
        className="top-inner",
    )
