"""Nyckeltal: one figure, from sentence to source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from dash import html

from dashboard import format as text
from dashboard import texts, words
from dashboard.components import states
from dashboard.components.choices import choices, month_choice, place_choice
from dashboard.components.data_table import Column, data_table
from dashboard.components.definition import meaning_panel, source_panel
from dashboard.components.figure_lead import figure_lead
from dashboard.components.flow_table import flow_table
from dashboard.components.graph import graph
from dashboard.components.head import page_head
from dashboard.components.link import address
from dashboard.components.spark import alternative
from dashboard.context import Context, Page
from dashboard.figures.trend import trend
from dashboard.figures.units import units
from kpi.definition import Kind
from kpi.rolling import matrix
from kpi.views.figure import figure
from kpi.views.rows import FigurePage, Reading


def page(context: Context, kpi_id: str) -> Page:
    """The figure for the address's unit and month."""
    found = figure(
        context.connection,
        context.catalogue,
        context.viewer,
        context.organisation,
        kpi_id,
        unit_code=context.query.get("enhet"),
        month=context.month,
    )
    if found is None:
        return Page("Nyckeltal", states.nothing_yet())
    row = found.row
    question = row.definition.audit_question
    children: list[Any] = [
        page_head(
            row.definition.name,
            place=row.unit.name,
            crumbs=[
                ("Översikt", address("/", manad=str(found.month))),
                (texts.AUDIT_QUESTIONS[question], None),
            ],
            choices=choices(
                place_choice("Enhet", found.places, row.unit.code), month_choice(found.months, found.month)
            ),
            is_synthetic=found.is_synthetic,
        ),
        figure_lead(row),
        html.Div(
            [
                html.Div([_trend(found), _split(found), _units(found)], className="stack"),
                html.Div([meaning_panel(found), source_panel(found)], className="stack"),
            ],
            className="columns",
        ),
    ]
    return Page(row.definition.name, children)


def _trend(found: FigurePage) -> html.Section:
    row = found.row
    definition = row.definition
    caption = ["Linje: de tolv månader som slutar med varje månad. Punkter: enskilda månader. "] if row.rolling else []
    if definition.unit != "count":
        caption.append("Ihålig punkt: få fall.")
    if any(one.is_preliminary for one in row.series):
        caption.append(" Fyrkant: perioden är inte slut.")
    if row.target:
        caption.append(f" Streckad linje: {words.target(definition, row.target)}.")
    return html.Section(
        [
            html.H2("Utveckling"),
            graph(
                "trend",
                partial(trend, row),
                caption,
                f"Linjediagram över {definition.name}. {alternative(row)}",
                _series_table(found),
            ),
        ],
        className="panel",
    )


def _series_table(found: FigurePage) -> html.Div:
    definition = found.row.definition
    has_parts = definition.kind in (Kind.RATIO, Kind.RATE_PER)
    columns = [Column("Period")]
    if has_parts:
        columns += [Column("Täljare", is_number=True), Column("Nämnare", is_number=True)]
    elif definition.kind is Kind.MEDIAN:
        columns.append(Column("Antal", is_number=True))
    columns.append(Column("Värde", is_number=True))
    if found.row.rolling:
        columns.append(Column("Senaste 12 mån", is_number=True))
    columns.append(Column("Anmärkning"))
    rolling: Sequence[Reading | None] = found.row.rolling or [None] * len(found.row.series)
    rows = [
        _series_row(found, one, over, has_parts)
        for one, over in zip(reversed(found.row.series), reversed(rolling), strict=True)
    ]
    return data_table(f"{definition.name}, {found.row.unit.name}, per period", columns, rows)


def _series_row(found: FigurePage, one: Reading, over: Reading | None, has_parts: bool) -> list[Any]:
    definition = found.row.definition
    cells: list[Any] = [text.capital(text.month(one.last))]
    if has_parts:
        cells += [_count(one.numerator), _count(one.denominator)]
    elif definition.kind is Kind.MEDIAN:
        cells.append(text.number(one.cases))
    cells.append(words.value(definition, one))
    if over is not None:
        cells.append(words.value(definition, over) if over.is_covered else words.NOTHING)
    return [*cells, words.remark(_remark(found, one), one.note)]


def _count(value: float | None) -> str:
    return words.NOTHING if value is None else text.number(value)


def _remark(found: FigurePage, one: Reading) -> str:
    if not one.is_covered:
        return "uppgifter saknas"
    if one.is_preliminary:
        return "preliminärt"
    if one.value is None:
        return "inga fall"
    few = found.row.definition.unit != "count" and one.cases < found.row.definition.minimum_cases
    return "få fall" if few else ""


def _split(found: FigurePage) -> html.Section | None:
    row = found.row
    definition = row.definition
    if not definition.split:
        return None
    when = words.span(row.year) if row.year else words.span(row.current)
    if not row.parts:
        return html.Section(
            [html.H2("Fördelning"), states.empty("Inga fall de senaste 12 månaderna.")], className="panel"
        )
    if len(definition.split) == 2:
        return html.Section(
            [
                html.H2(f"Från och till, {when}"),
                flow_table(matrix(row.parts), f"{definition.name}: antal från och till varje aktör, {when}"),
            ],
            className="panel",
        )
    rows = [
        [
            text.capital(texts.split_words(part.split)),
            _count(part.reading.numerator),
            _count(part.reading.denominator),
            words.value(definition, part.reading),
            "få fall" if part.reading.cases < definition.minimum_cases else "",
        ]
        for part in sorted(row.parts, key=lambda part: texts.split_words(part.split).casefold())
    ]
    columns = [
        Column(texts.SPLITS.get(definition.split[0], definition.split[0])),
        Column("Deltog inte", is_number=True),
        Column("Kallade", is_number=True),
        Column("Andel", is_number=True),
        Column("Anmärkning"),
    ]
    heading = f"Per {texts.SPLITS.get(definition.split[0], definition.split[0]).lower()}, {when}"
    return html.Section([html.H2(heading), data_table(heading, columns, rows)], className="panel")


def _units(found: FigurePage) -> html.Section | None:
    row = found.row
    definition = row.definition
    if row.unit.level == "unit":
        return None
    if "unit" not in definition.levels:
        return html.Section(
            [html.H2("Enheter"), states.empty("Nyckeltalet finns bara för kommunen och uppåt, inte per enhet.")],
            className="panel",
        )
    if not found.units:
        return html.Section(
            [html.H2("Enheter"), states.empty("Ingen enhet har några fall i perioden.")], className="panel"
        )
    when = words.span(found.units[0].reading)
    rows = [
        [
            one.unit.name,
            words.value(definition, one.reading),
            words.basis(definition, one.reading),
            "få fall" if one.is_small else "",
        ]
        for one in found.units
    ]
    columns = [Column("Enhet"), Column("Värde", is_number=True), Column("Underlag"), Column("Anmärkning")]
    title = f"Enheter, {when}"
    return html.Section(
        [
            html.H2(title),
            graph(
                "units",
                partial(units, definition, row.target, found.units),
                [
                    "Enheterna står i namnordning, inte i rangordning. "
                    + ("" if definition.unit == "count" else "Ihålig punkt: få fall, läs med försiktighet.")
                ],
                f"{definition.name} per enhet, {when}. Värdena står i tabellen under diagrammet.",
                data_table(f"{definition.name} per enhet, {when}", columns, rows),
            ),
        ],
        className="panel",
    )
