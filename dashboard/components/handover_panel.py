"""Handing a sample of rows to the auditor, and reading one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from control.handover import MOST, HandedOver, HandedRow, Handover, Now
from dashboard import case_words as words
from dashboard.components import states
from dashboard.components.attributes import aria, never_kept
from dashboard.components.case_table import cells_of, columns_of
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import address, link
from kpi import format as text
from kpi.organisation import Organisation

SIZE_ID, WHY_ID, HAND_ID, HANDED_ID = "handover-size", "handover-reason", "handover-do", "handover-done"
OPEN_ID, OPENED_ID = "handover-open", "handover-rows"
_USUAL = 10
_NOW = {
    Now.REMOVED: "Raden är borttagen ur källan sedan den lämnades över.",
    Now.MOVED: "Raden hör nu till en annan nämnd och visas inte.",
}


def hand_over_form(dataset: str) -> html.Section:
    """The chief's form: how many, and why."""
    return html.Section(
        [
            html.H2("Lämna över ett urval till revisorn"),
            html.P(
                f"Samkoll lottar bland {words.KINDS[dataset].the_many} för enheten och månaden. Revisorn ser de "
                "lottade raderna, hur många det lottades bland och ditt skäl, och inget annat.",
                className="muted",
            ),
            html.Div(
                [
                    dmc.NumberInput(
                        id=SIZE_ID,
                        label="Antal rader",
                        value=_USUAL,
                        min=1,
                        max=MOST,
                        allowDecimal=False,
                        w=140,
                        size="md",
                    ),
                    dmc.Textarea(
                        id=WHY_ID,
                        label="Varför lämnas urvalet över?",
                        placeholder="Till exempel: revisionens granskning av samverkan",
                        autosize=True,
                        minRows=1,
                        size="md",
                        className="why",
                    ),
                ],
                className="choices",
            ),
            html.Div(dmc.Button("Lotta och lämna över", id=HAND_ID, variant="default", size="sm"), className="decide"),
            html.Div(id=HANDED_ID, role="status", **aria(live="polite")),
        ],
        className="section handover",
        **never_kept(),
    )


def handed(done: Handover) -> html.P:
    """What the chief has done."""
    rows = f"{text.number(done.size)} av {text.number(done.population)}"
    sentence = f"Urval {done.number} är överlämnat: {rows} rader, lottade med fröet {done.seed}. Det står i loggen."
    return html.P(sentence, className="notice")


def handover_list(found: Sequence[Handover], organisation: Organisation) -> html.Section:
    """What the auditor has been handed, the newest first."""
    if not found:
        told = states.empty("Inget urval är överlämnat ännu. Förvaltningschefen lämnar över när du har bett om det.")
        return html.Section([html.H2("Överlämnade urval"), told], className="section")
    columns = [Column("Urval"), Column("Gäller"), Column("Rader", is_number=True), Column("Överlämnat"), Column("Skäl")]
    rows = [
        [
            link(f"Urval{text.NBSP}{one.number}", address("/underlag", overlamning=str(one.number)), className="more"),
            what(one, organisation),
            f"{text.number(one.size)} av {text.number(one.population)}",
            [text.local_day(one.made_at), html.Small(f"av {one.made_by}")],
            one.reason,
        ]
        for one in found
    ]
    table = data_table("Överlämnade urval", columns, rows)
    return html.Section([html.H2("Överlämnade urval"), table], className="section")


def what(one: Handover, organisation: Organisation) -> str:
    """`Avvikelser i Barn och familj, mars 2025`."""
    unit = organisation.on(one.unit_code, one.month.last_day)
    return f"{words.KINDS[one.dataset].title} i {unit.name if unit else one.unit_code}, {text.month(one.month)}"


def opened(one: Handover) -> html.Div:
    """Where a sample's rows come; its number stands in a store, and never a row."""
    return html.Div(
        [
            dcc.Store(id=OPEN_ID, data=one.number),
            dcc.Loading(html.Div(id=OPENED_ID, **aria(live="polite")), type="dot"),
        ]
    )


def handed_rows(found: HandedOver) -> list[Any]:
    """The sample, told first in a sentence, and how to draw it again."""
    one = found.handover
    many, every = text.counts(one.size, one.population, is_common=True)
    kind = words.KINDS[one.dataset]
    counted = f"{text.capital(many)} {kind.one if one.size == 1 else kind.many}"
    lead = html.P(
        [html.Strong(counted), f" av {every}, lottade. Läsningen har sparats i loggen."],
        className="lead",
    )
    note = (
        f"Överlämnat {text.moment(one.made_at)} av {one.made_by}. Skäl: {one.reason}. Lottningens frö: {one.seed}. "
        "Raderna visas som de är i källan nu."
    )
    columns = columns_of(one.dataset)
    rows = [_row(each, len(columns)) for each in found.rows]
    return [lead, html.P(note, className="lead-note"), data_table("Överlämnade rader", columns, rows)]


def _row(each: HandedRow, width: int) -> list[Any]:
    if each.case is not None:
        return cells_of(each.case)
    _, key = each.key
    return [[key, html.Small(_NOW[each.now])], *[html.Span("–", className="muted")] * (width - 1)]
