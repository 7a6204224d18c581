"""What something rests on: a list, and a form that adds to it. One form on a page, for one thing or several.

A page puts `evidence_section` in its content; `dashboard.adding_evidence` does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from control.evidence import About, Evidence, EvidenceKind
from control.evidence.files import MOST_BYTES
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from dashboard.components.day_field import day_field
from kpi import format as text

LISTS_ID, TARGETS_ID, CHOSEN_ID = "evidence-lists", "evidence-targets", "evidence-about"
LABEL_ID, DAY_ID, LINK_ID, NUMBER_ID = "evidence-label", "evidence-day", "evidence-link", "evidence-number"
FILE_ID, PICKED_ID, ADD_ID, RESULT_ID = "evidence-file", "evidence-picked", "evidence-add", "evidence-result"
FILE_HELP = "PDF, PNG, JPEG, Excel, Word, text eller CSV, högst 5 MB."
_KINDS = {
    EvidenceKind.FILE: "Fil",
    EvidenceKind.LINK: "Länk",
    EvidenceKind.REGISTRATION_NUMBER: "Diarienummer",
}


@dataclass(frozen=True)
class Target:
    """A thing that evidence is about, its name in the form, and what it has."""

    about: About
    about_no: int
    name: str
    found: tuple[Evidence, ...]

    @property
    def key(self) -> str:
        """`occasion:3`."""
        return f"{self.about.value}:{self.about_no}"


def evidence_section(targets: Sequence[Target], *, may_add: bool, heading: str = "Underlag") -> html.Section:
    """The lists, and the form for who may add to all of them."""
    children: list[Any] = [html.H2(heading), html.Div(evidence_lists(targets), id=LISTS_ID)]
    if may_add:
        children.append(_form(targets))
    return html.Section(children, className="section evidence")


def evidence_lists(targets: Sequence[Target]) -> list[Any]:
    """A table for each thing, under its name when there are several."""
    found: list[Any] = []
    for target in targets:
        found += [html.H3(target.name)] if len(targets) > 1 else []
        found.append(_table(target) if target.found else states.empty("Inget underlag är tillagt ännu."))
    return found


def _table(target: Target) -> html.Div:
    columns = [Column("Vad"), Column("Underlagets datum"), Column("Tillagt"), Column("Kontrollsumma (SHA-256)")]
    rows = [
        [
            [_reference(one), html.Small(_KINDS[one.kind] + _size(one))],
            text.day(one.evidence_on),
            [text.local_day(one.added_at), html.Small(f"av {one.added_by}")],
            html.Code(one.file_hash[:12], title=one.file_hash) if one.file_hash else html.Span("–", className="muted"),
        ]
        for one in target.found
    ]
    return data_table(f"Underlag: {target.name}", columns, rows)


def _size(one: Evidence) -> str:
    return f", {one.reference}, {text.number(max(one.size / 1000, 1))}{text.NBSP}kB" if one.size is not None else ""


def _reference(one: Evidence) -> Any:
    """The label, as the way to what it names; a file that the reader may not open is named only."""
    if one.kind is EvidenceKind.FILE:
        if not one.is_open:
            return one.label
        return html.A(one.label, href=f"/ladda-ned/underlag/{one.number}", download=one.reference)
    if one.kind is EvidenceKind.LINK:
        return html.A(one.label, href=one.reference, target="_blank", rel="noopener noreferrer")
    return f"{one.label}: {one.reference}"


def _form(targets: Sequence[Target]) -> html.Details:
    several = len(targets) > 1
    choices = [{"value": one.key, "label": one.name} for one in targets]
    return html.Details(
        [
            html.Summary("Lägg till underlag"),
            dcc.Store(id=TARGETS_ID, data={one.key: one.name for one in targets}),
            html.P(
                "Välj en fil, eller skriv en länk eller ett diarienummer. Text, Excel och Word prövas så att de inte "
                "innehåller personnummer. PDF och bilder öppnas inte: där svarar du för det.",
                className="muted panel-lead",
            ),
            html.Div(
                [
                    html.Div(
                        dmc.Select(id=CHOSEN_ID, label="Gäller", data=choices, value=targets[0].key,
                                   allowDeselect=False,),
                        hidden=not several,
                    ),
                    dmc.TextInput(id=LABEL_ID, label="Vad är det?", placeholder="Till exempel: protokoll från mötet"),
                    day_field(DAY_ID, "Underlagets datum"),
                    html.Div(
                        [
                            html.Span("Fil", className="field-label"),
                            html.Small(FILE_HELP, id=PICKED_ID, className="muted", **aria(live="polite")),
                            dcc.Upload(
                                dmc.Button("Välj fil", variant="default", size="sm"),
                                id=FILE_ID, multiple=False, max_size=MOST_BYTES,
                            ),
                        ],
                        className="field",
                    ),
                    dmc.TextInput(id=LINK_ID, label="eller länk", placeholder="https://"),
                    dmc.TextInput(id=NUMBER_ID, label="eller diarienummer"),
                ],
                className="form-grid",
            ),
            html.Div(dmc.Button("Lägg till", id=ADD_ID, variant="default", size="sm"), className="decide"),
            html.Div(id=RESULT_ID, role="status", **aria(live="polite")),
        ],
        className="add-evidence",
    )  # fmt: skip
