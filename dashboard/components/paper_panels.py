"""The panels of the page Handlingar: the first sentence, the list, files, and what whoever makes papers does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from control.papers.files.formats import FORMATS
from control.papers.kinds import PaperKind
from control.papers.planned import Planned
from control.papers.reading import Listed, Paper
from control.papers.service import rests_on_draft
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import link
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place
from kpi.organisation import Unit

KIND_ID, BOARD_ID, PERIOD_ID, NUMBER_ID, MAKE_ID, MADE_ID, WRITING_ID = (
    f"paper-{one}" for one in ("kind", "board", "period", "number", "make", "made", "writing")
)
SEEN_ID, NEW_NUMBER_ID, SAVE_ID, DELIVER_ID, SURE_ID, DONE_ID = (
    f"paper-{one}" for one in ("seen", "new-number", "save", "deliver", "sure", "done")
)
PROVE = "prova"
"""The address's parameter that asks for proof."""
FORMAT_WORDS = {"pdf": "PDF", "docx": "Word", "xlsx": "Excel", "html": "Webbsida"}


def paper_address(paper_no: int) -> str:
    """Where a paper lies."""
    return f"{ADDRESSES[Place.PAPERS]}/{paper_no}"


def lead(found: Sequence[Listed], planned: Planned | None, names: Mapping[str, str], today: date) -> html.P:
    """What lies before the board next, and what is new."""
    pieces: list[Any] = []
    if planned is not None:
        what = f"{planned.kind.word.lower()} för {text.month(planned.period)}"
        board = names.get(planned.board_code, planned.board_code)
        if planned.counted_on < today:
            late = f"{text.capital(what)} skulle ha lagts fram för {board} {text.day(planned.counted_on)}."
            pieces.append(html.Strong(late, className="off"))
        else:
            pieces.append(html.Strong(f"Nästa handling till {board} är {what}, {text.day(planned.counted_on)}."))
        pieces.append(" ")
    drafts = [one for one in found if one.delivered_on is None]
    delivered = [one for one in found if one.delivered_on is not None]
    if drafts:
        many = (
            "Ett utkast väntar" if len(drafts) == 1 else f"{text.capital(text.count_word(len(drafts)))} utkast väntar"
        )
        pieces.append(f"{many} på att läggas fram. ")
    if delivered:
        newest = max(delivered, key=lambda one: (one.delivered_on or date.min, one.paper_no))
        pieces.append(
            f"Senast framlagd: {newest.kind.word.lower()} för {text.month(newest.period)}, "
            f"{text.day(newest.delivered_on or date.min)}."
        )
    if not pieces:
        pieces.append("Inga handlingar har lagts fram för nämnden ännu.")
    return html.P(pieces, className="lead")


def paper_list(found: Sequence[Listed], names: Mapping[str, str]) -> html.Section:
    """Every paper, the newest first."""
    if not found:
        content: Any = states.empty("När en handling har lagts fram för nämnden står den här.")
    else:
        columns = [Column(one) for one in ("Handling", "Nämnd", "Period", "Version", "Diarienummer", "Läge")]
        content = data_table("Handlingar", columns, [_row(one, names) for one in found])
    return html.Section([html.H2("Alla handlingar"), content], className="section")


def _row(one: Listed, names: Mapping[str, str]) -> list[Any]:
    return [
        link(one.kind.word, paper_address(one.paper_no)),
        names.get(one.board_code, one.board_code),
        text.capital(text.month(one.period)),
        str(one.version),
        one.registration_number or "–",
        f"Framlagd {text.day(one.delivered_on)}" if one.delivered_on else "Utkast",
    ]


def make_panel(boards: Sequence[Unit]) -> html.Section:
    """The form that makes a draft."""
    kinds = [{"value": one.value, "label": one.word} for one in PaperKind]
    choices = [{"value": one.code, "label": one.name} for one in boards]
    return html.Section(
        [
            html.H2("Gör en handling"),
            html.P(
                "Handlingen görs av den senaste stängda perioden om du inte skriver en annan. Det som har kommit efter "
                "stängningen är inte med.",
                className="muted panel-lead",
            ),
            dmc.Select(id=KIND_ID, label="Slag", data=kinds, value=PaperKind.MONTHLY.value, allowDeselect=False),
            dmc.Select(id=BOARD_ID, label="Nämnd", data=choices, value=boards[0].code, allowDeselect=False),
            dmc.TextInput(
                id=PERIOD_ID, label="Period", description="Till exempel 2025-03, 2025-T1 eller 2025. Får vara tomt."
            ),
            dmc.TextInput(id=NUMBER_ID, label="Diarienummer", description="Får vara tomt i ett utkast."),
            html.Div(dmc.Button("Gör utkast", id=MAKE_ID, variant="filled", size="sm"), className="decide"),
            html.Div(_writing(), id=WRITING_ID, hidden=True),
            html.Div(id=MADE_ID, role="status", **aria(live="polite")),
        ],
        className="section panel paper-form",
    )


def _writing() -> list[Any]:
    """While the draft is made: nobody knows for how long."""
    bar = f"{WRITING_ID}-bar"
    return [
        html.Label("Utkastet skrivs", htmlFor=bar),
        html.Progress(id=bar),
        html.P("Du kan lämna sidan: utkastet läggs i listan över handlingar.", className="muted small"),
    ]


def paper_lead(found: Paper) -> html.P:
    """Whether the board has it."""
    if found.delivered_on is not None:
        told = (
            f"Lades fram för nämnden {text.day(found.delivered_on)}. Den ändras inte; en rättelse blir en ny version."
        )
    else:
        told = "Utkast: nämnden har inte fått handlingen ännu."
    return html.P(html.Strong(told), className="lead")


def files_panel(found: Paper, *, has_secret: bool) -> html.Section:
    """The four files, and for who may the annex under secrecy."""
    base = f"/ladda-ned/handling/{found.paper_no}"
    children: list[Any] = [html.H2("Filer"), _files("Handlingen", base)]
    if has_secret:
        children += [
            html.P("Det som är dolt i handlingen står i en bilaga under sekretess. Att du hämtar den loggas."),
            _files("Bilagan under sekretess", f"{base}/bilaga-sekretess"),
        ]
    return html.Section(children, className="section")


def proof_line(found: Paper, proof: bool | None) -> html.P:
    """The way to have the paper written again from its frozen data, and what that came to."""
    if proof is None:
        return html.P(link("Pröva handlingen mot de frysta uppgifterna", f"{paper_address(found.paper_no)}?{PROVE}=ja"))
    if proof and rests_on_draft(found):
        return html.P(
            "Prövad nu: handlingen är som när den gjordes, enligt sitt eget fingeravtryck. Planen var inte antagen då "
            "och kan ha ändrats sedan. Därför skrivs handlingen inte på nytt ur planen."
        )
    if proof:
        return html.P("Prövad nu: handlingen blir densamma när den skrivs på nytt ur de frysta uppgifterna.")
    told = (
        "Prövad nu: handlingen blir inte densamma. Den, planen eller de frysta uppgifterna är ändrade i efterhand, "
        "eller så skriver Samkoll sådana handlingar med andra ord än när den gjordes."
    )
    return html.P(html.Strong(told, className="off"))


def _files(what: str, base: str) -> html.Ul:
    links = [
        html.Li(
            html.A(
                [FORMAT_WORDS[ending], html.Span(f" av {what[:1].lower()}{what[1:]}", className="visually-hidden")],
                href=f"{base}.{ending}",
                className="more",
            )
        )
        for ending in FORMATS
    ]
    return html.Ul(links, className="paper-files", **aria(label=what))


def draft_panel(found: Paper) -> html.Section:
    """Numbering a draft, and putting it before the board."""
    return html.Section(
        [
            html.H2("Innan den läggs fram"),
            dcc.Store(id=SEEN_ID, data={"paper": found.paper_no, "edits": found.edits}),
            dmc.TextInput(id=NEW_NUMBER_ID, label="Diarienummer", value=found.registration_number),
            html.Div(dmc.Button("Spara diarienummer", id=SAVE_ID, variant="default", size="sm"), className="decide"),
            dmc.TextInput(
                id=SURE_ID,
                label="Lägg fram för nämnden",
                description="Skriv JA för att lägga fram handlingen. Sedan går den inte att ändra.",
            ),
            html.Div(dmc.Button("Lägg fram", id=DELIVER_ID, variant="filled", size="sm"), className="decide"),
            html.Div(id=DONE_ID, role="status", **aria(live="polite")),
        ],
        className="section panel paper-form",
    )
