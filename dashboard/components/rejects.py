"""Rows in quarantine: where and why, never what they hold. A page at a time, told in the address."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard import texts
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import address, link
from kpi import format as text
from kpi.views.deliveries import RejectPage, RejectRow

PAGE_SIZE = 20
ANCHOR = "karantan"
_ADDRESS = "/leveranser"


def only_count(rows: int) -> html.Section:
    """For those who may see how many, and no row."""
    waiting = text.plural(rows, "rad väntar", "rader väntar")
    sentence = f"{waiting}. Raderna visas för controllern."
    return _section("Rader i karantän", html.P(sentence, className="muted"))


def reject_section(shown: RejectPage, number: int, delivery_id: int | None, *, may_replay: bool) -> html.Section:
    """Page `number` of the rows, of one delivery when `delivery_id` tells."""
    if delivery_id is not None:
        everything = link("Visa alla leveransers rader", f"{_ADDRESS}#{ANCHOR}", className="more")
        return _section(
            f"Rader i karantän, leverans {delivery_id}",
            html.P(everything),
            _table(shown),
            _pager(shown.total, number, delivery_id),
        )
    replay = html.Div(_replay_button(), className="decide") if shown.total and may_replay else None
    return _section("Rader i karantän", _table(shown), _pager(shown.total, number, None), replay)


def to_delivery(delivery_id: int) -> str:
    """The address of one delivery's rejected rows."""
    return f"{address(_ADDRESS, leverans=str(delivery_id))}#{ANCHOR}"


def _section(heading: str, *children: Any) -> html.Section:
    found = [child for child in children if child is not None]
    return html.Section([html.H2(heading), *found], className="section", id=ANCHOR)


def _replay_button() -> dmc.Button:
    identity = {"type": "decide", "kind": "replay", "delivery": 0}
    return dmc.Button("Läs om alla rader i karantän", id=identity, variant="default", size="sm")


def _table(found: RejectPage) -> Any:
    if not found.rows:
        return states.empty("Inga rader väntar i karantän.")
    columns = [Column("Var"), Column("Innehåll"), Column("Vad som är fel och vad som hjälper")]
    rows = [[_place(one), texts.DATASETS.get(one.dataset, one.dataset), _problem(one)] for one in found.rows]
    return data_table("Rader i karantän", columns, rows)


def _place(one: RejectRow) -> str:
    place, _, sentence = one.message.partition(": ")
    if sentence and place.startswith(one.file_name):
        return place.replace("rad ", f"rad{text.NBSP}")
    sheet = f", blad ”{one.sheet}”" if one.sheet else ""
    return f"{one.file_name}{sheet}, rad {one.line}" + (f", fältet {one.field}" if one.field else "")


def _problem(one: RejectRow) -> list[Any]:
    place, _, sentence = one.message.partition(": ")
    told: list[Any] = [text.capital(sentence) if sentence and place.startswith(one.file_name) else one.message]
    if one.other_problems:
        told.append(html.Small(f"och {text.plural(one.other_problems, 'fel till', 'fel till')} på raden"))
    return told


def _pager(total: int, number: int, delivery_id: int | None) -> html.Nav | None:
    pages = -(-total // PAGE_SIZE)
    if pages < 2:
        return None

    def page(of: int) -> str:
        return f"{address(_ADDRESS, leverans=str(delivery_id) if delivery_id else None, sida=str(of))}#{ANCHOR}"

    rows = text.plural(total, "rad", "rader")
    steps: list[Any] = [html.Span(f"Sida {text.number(number)} av {text.number(pages)}, {rows}")]
    if number > 1:
        steps.append(link("← Föregående sida", page(number - 1), className="more"))
    if number < pages:
        steps.append(link("Nästa sida →", page(number + 1), className="more"))
    return html.Nav(steps, className="pager", **aria(label="Sidor med rader i karantän"))
