"""Reminders and word of what the board has decided, for its administration; and what is still to be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from control.notices.content import Notice, Telling
from dashboard.components.attributes import aria
from dashboard.components.link import link
from kpi import format as text

_SHOWN = 3
"""So many new ones stand open."""
READ_TYPE, TELL_TYPE = "notice-read", "decision-tell"
READ_ID, TOLD_ID = "notice-result", "decision-told"


def notices_section(notices: Sequence[Notice]) -> html.Section | None:
    """The unread ones; the read ones behind a click. None when there is none."""
    if not notices:
        return None
    new, old = [one for one in notices if not one.is_read], [one for one in notices if one.is_read]
    children: list[Any] = [html.H2("Påminnelser och besked", id="nytt")]
    if new:
        children.append(_list(new[:_SHOWN]))
        if new[_SHOWN:]:
            children.append(html.Details([html.Summary(f"Fler nya ({len(new) - _SHOWN})"), _list(new[_SHOWN:])]))
    else:
        children.append(html.P("Inget nytt. Du har läst allt.", className="muted"))
    if old:
        children.append(html.Details([html.Summary(f"Lästa meddelanden ({len(old)})"), _list(old)]))
    children.append(html.Div(id=READ_ID, role="status", **aria(live="polite")))
    return html.Section(children, className="section notices", **aria(labelledby="nytt"))


def _list(notices: Sequence[Notice]) -> html.Ul:
    return html.Ul([_item(one) for one in notices], className="plain-list")


def _item(one: Notice) -> html.Li:
    children: list[Any] = [html.Strong(link(one.title, one.address) if one.address else one.title)]
    if one.text:
        children += [html.Br(), one.text]
    children += [html.Br(), html.Small(text.local_day(one.made_at), className="muted")]
    if not one.is_read:
        button = dmc.Button(
            "Markera som läst", id={"type": READ_TYPE, "number": one.number}, variant="default", size="compact-sm",
            **aria(label=f"Markera som läst: {one.title}"),
        )  # fmt: skip
        children += [" ", button]
    return html.Li(children)


def untold_section(found: Sequence[Telling]) -> html.Section | None:
    """Decisions that the administration has not been told of, each with its button. None when there is none."""
    if not found:
        return None
    items = [_untold(one) for one in found]
    told = (
        "Meddelandet står på Översikt för dem som arbetar med nämndens interna kontroll, och skickas med e-post om det "
        "är inställt."
    )
    return html.Section(
        [
            html.H2("Att meddela förvaltningen", id="att-meddela"),
            html.P(told, className="muted panel-lead"),
            html.Ul(items, className="plain-list"),
            html.Div(id=TOLD_ID, role="status", **aria(live="polite")),
        ],
        className="section",
        **aria(labelledby="att-meddela"),
    )


def _untold(one: Telling) -> html.Li:
    button = dmc.Button(
        "Meddela förvaltningen", id={"type": TELL_TYPE, "key": one.key}, variant="default", size="sm",
        **aria(label=f"Meddela förvaltningen: {one.title}"),
    )  # fmt: skip
    children: list[Any] = [html.Strong(one.title)]
    if one.text:
        children += [html.Br(), one.text]
    return html.Li([*children, html.Div(button, className="decide")])
