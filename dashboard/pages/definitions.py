"""Definitioner: the file behind every figure, with the same validation as the command, a preview and the history."""

from __future__ import annotations

from typing import Any

from dash import html

from control.definitions import history
from dashboard.components.data_table import Column, data_table
from dashboard.components.definition_editor import NEW, TEMPLATE, editor
from dashboard.components.definition_list import definition_list
from dashboard.components.definition_result import problems
from dashboard.components.head import page_head
from dashboard.context import Context, Page
from kpi import format as text
from kpi.access import can_edit_definitions
from kpi.file_parts import figure_parts, part_text
from kpi.live import digest_of
from kpi.period import Period, PeriodType
from kpi.views.freshness import is_synthetic
from warehouse import clock


def page(context: Context) -> Page:
    """`del` in the address chooses a figure to edit, `+` a new one; the whole file without it."""
    state = context.definitions
    on_disk = state.on_disk
    whole = on_disk.decode("utf-8-sig", "replace")
    parts = figure_parts(whole)
    chosen = context.query.get("del", "")
    part = next((one for one in parts if one.id == chosen), None)
    if part is None and chosen != NEW:
        chosen = ""
    shown = part_text(whole, part) if part else TEMPLATE if chosen == NEW else whole
    names = {one.id: one.name for one in context.catalogue.definitions.values()}
    may_save = can_edit_definitions(context.viewer)
    options = [(one.id, names.get(one.id, one.id)) for one in parts]
    text_of_it = editor(options, chosen, shown, digest_of(on_disk), may_save=may_save)
    children: list[Any] = [
        page_head("Definitioner", is_synthetic=is_synthetic(context.connection)),
        _lead(context, may_save=may_save),
        _broken(state.error),
        *([text_of_it] if may_save else _to_read(context, text_of_it, is_open=bool(chosen))),
        _history(context),
    ]
    return Page("Definitioner", [child for child in children if child is not None])


def _to_read(context: Context, text_of_it: html.Section, *, is_open: bool) -> list[Any]:
    """The list, and then, folded, the text that it is made of: a change may be tried by who does not save it."""
    month = Period.containing(clock.today(), PeriodType.MONTH)
    summary = html.Summary("Texten bakom, för den som vill pröva en ändring")
    return [
        definition_list(list(context.catalogue.definitions.values()), context.viewer, month),
        html.Details([summary, text_of_it], className="plain", open=is_open),
    ]


def _lead(context: Context, *, may_save: bool) -> html.P:
    count = text.plural(len(context.catalogue.definitions), "nyckeltal", "nyckeltal")
    reviewed = sum(one.is_reviewed for one in context.catalogue.definitions.values())
    told = f"{count} är definierade, {reviewed} av dem granskade." if reviewed else f"{count} är definierade."
    here = (
        "Här ändras vad de betyder och vilka mål som gäller. Varje ändring prövas mot de senaste tre årens uppgifter "
        "innan den sparas."
        if may_save
        else "Här står vad de räknar, vilka mål som gäller och vem som äger dem. Controllern ändrar dem."
    )
    return html.P(f"{told} {here}", className="lead")


def _broken(error: str | None) -> html.Section | None:
    if error is None:
        return None
    return html.Section(
        [
            html.H2("Filen har fel och används inte"),
            html.P("Den senast fungerande filen används tills felen är rättade. Inga värden har ändrats."),
            problems(error.splitlines(), None),
        ],
        className="panel hold",
    )


def _history(context: Context) -> html.Section:
    versions = history(context.connection)
    if not versions:
        rows: Any = html.P("Ingen ändring är sparad ännu.", className="empty")
    else:
        columns = [Column("Version"), Column("När"), Column("Av"), Column("Varför"), Column("Kontrollsumma")]
        rows = data_table(
            "Definitionsfilens historik",
            columns,
            [
                [
                    text.number(one.version_no),
                    text.moment(one.saved_at),
                    one.saved_by,
                    one.reason,
                    html.Code(one.digest[:12]),
                ]
                for one in versions
            ],
        )
    return html.Section([html.H2("Historik"), rows], className="section")
