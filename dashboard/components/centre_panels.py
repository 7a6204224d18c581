"""The panels of the family centres: the flows as a chart and a matrix, and what becomes of those who are referred."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import html

from dashboard import texts
from dashboard.centre_tables import centres_table, contact_cells, flows_table
from dashboard.centre_words import basis, delivers, lead, receivers, span
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.flow_table import flow_table, with_change
from dashboard.components.graph import graph, how_to_read
from dashboard.components.link import address, link
from dashboard.components.process_panels import panel
from dashboard.components.typed_table import typed_table
from dashboard.exports.cells import told
from dashboard.figures.sankey import in_order, sankey
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place
from kpi.referrals import Contact, by_part, together
from kpi.views.centres import Centre, CentresPage


def centres_lead(page: CentresPage) -> html.Div:
    """The sentences that open the page, and what they rest on."""
    pieces = [
        html.Strong(one.words, className="off" if one.tone == "off" else None) if one.tone else one.words
        for one in lead(page)
    ]
    children: list[Any] = [html.P(pieces, className="lead")]
    note = basis(page) if page.centres else "En familjecentral hör till den nämnd vars enhet den är."
    children.append(html.P(note, className="lead-note"))
    return html.Div(children)


def flows_panel(page: CentresPage) -> html.Section:
    """From whom to whom: the chart with its twin."""
    title = f"Från och till, {span(page)}"
    if not page.now.total:
        return panel(title, states.empty("Inga ärenden skickades under de tolv månaderna."))
    told_flows = "; ".join(
        f"{texts.actor(one)} till {texts.actor(other)} {text.number(page.now.cells[one, other])}"
        for one in in_order(page.now.senders)
        for other in in_order(page.now.receivers)
        if page.now.cells.get((one, other))
    )
    caption = ["Till vänster den som skickar, till höger den som tar emot. Ju bredare band, desto fler ärenden."]
    return panel(
        title,
        graph("flows", partial(sankey, page.now), caption, f"Flödesdiagram. {text.capital(told_flows)}.",
              typed_table(flows_table(page)), explained="Flödesdiagram"),
    )  # fmt: skip


def matrix_panel(page: CentresPage) -> html.Section | None:
    """The same as a matrix with margins and the change; None without flows."""
    if not page.now.cells:
        return None
    note = "Starkare färg: fler ärenden."
    if page.before is not None:
        note += " Under varje tal står skillnaden mot tolv månader före."
    caption = f"Ärenden från och till varje aktör, med summor, {span(page)}"
    return panel(
        "Alla riktningar, mot året före",
        flow_table(page.now, caption, number=with_change(page.before)),
        html.P([note, " ", how_to_read("Matris", "Så läser du matrisen")], className="muted small"),
    )


def contact_panel(page: CentresPage) -> html.Section:
    """By receiving actor: contact in time, lost, days."""
    title = "Kontakt och tappade"
    if not page.contact:
        sentence = "Leveranserna säger inte vilka som fick kontakt, eller så har dagarna för kontakt inte gått än."
        return panel(title, states.empty(sentence))
    rows = [_row(text.capital(texts.actor(actor)), one, page.fewest) for actor, one in receivers(page)]
    rows.append(_row("Alla", together(page.contact), page.fewest))
    columns = [Column("Till"), *(Column(one, is_number=True) for one in _HEADINGS)]
    table = data_table(f"{title} per mottagare, {span(page)}", columns, rows)
    return panel(title, table, html.P(_NOTE, className="muted small"))


_HEADINGS = ("Kontakt inom 30 dagar", "Utan kontakt efter 60 dagar", "Tid till kontakt")
_NOTE = (
    "Ett ärende räknas den månad då dag 30, eller dag 60, inföll. Till öppna förskolan går man utan tid, så dit tappas "
    "ingen; den som tackat nej är inte heller tappad. Tiden är medianen för dem som fick kontakt inom 60 dagar. "
    "”Tappad” är vårt ord."
)


def _row(first: Any, one: Contact, fewest: int) -> list[Any]:
    contacted, due, share, lost, lost_due, lost_share, middle = map(told, contact_cells(one, fewest))
    time: Any = [middle, html.Small(f"{'av' if len(one.days) < fewest else 'median av'} {text.number(len(one.days))}")]
    return [first, _of(contacted, due, share), _of(lost, lost_due, lost_share), time if middle else "–"]


def _of(count: str, of: str, share: str) -> Any:
    return [f"{count}{text.NBSP}av{text.NBSP}{of}", html.Small(share)] if of else "–"


def centres_panel(page: CentresPage) -> html.Section:
    """By centre, with how it delivers; a centre leads to its own page."""
    found, month = by_part(page.contact, 0), str(page.place.month)
    rows = [
        [
            *_row(
                link(one.unit.name, address(ADDRESSES[Place.CENTRES], enhet=one.unit.code, manad=month)),
                found.get(one.unit.code, Contact()),
                page.fewest,
            ),
            delivers(one.only_counts, one.tells_contact),
        ]
        for one in page.centres
    ]
    for row, one in zip(rows, page.centres, strict=True):
        row.insert(1, _sent(one))
    columns = [
        Column("Familjecentral"),
        *(Column(one, is_number=True) for one in ("Ärenden", *_HEADINGS)),
        Column("Lämnar"),
    ]
    return panel("Per familjecentral", data_table(centres_table(page).title, columns, rows))


def _sent(one: Centre) -> Any:
    if one.change is None:
        return text.number(one.now)
    return [text.number(one.now), html.Small(f"{text.signed(one.change)} mot året före")]
