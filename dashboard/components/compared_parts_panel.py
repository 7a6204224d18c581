"""What a released figure is made of in its latest released year: a table with margins, categories or answers."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import released
from dashboard.components.data_table import Column, data_table
from dashboard.components.released_cells import count_cell, value_cell
from dashboard.components.released_matrix import released_matrix
from dashboard.parts import heading, headings, part_words, sort_key
from kpi import format as text
from kpi.definition import Definition, Kind, Shape
from kpi.disclosure.suppressed import Suppressed
from kpi.released import Numbers, Shown
from kpi.views.comparison import ComparedFigure
from kpi.views.rows import Split


def compared_parts_panel(found: ComparedFigure) -> html.Section | None:
    """The panel; None for a figure without parts, or before its first whole year."""
    if not found.parts or found.parts_of is None:
        return None
    definition = found.definition
    title = f"{_heading(definition, found.parts)}, {text.month(found.parts_of)}"
    if any(len(split) > 1 for split, _ in found.parts):
        caption = f"{definition.name}: {title.lower()}"
        table = released_matrix(definition, dict(found.parts), found.parts_total, caption)
    else:
        table = _table(found, title)
    children: list[Any] = [html.H2(title), table]
    if definition.kind is Kind.DISTRIBUTION and isinstance(found.parts_total, Numbers):
        children.append(html.P(_all_answers(found, found.parts_total), className="legend"))
    if any(isinstance(shown, Suppressed) for _, shown in (*found.parts, ((), found.parts_total))):
        children.append(html.P(f"Två punkter ({released.MARKER}): {released.HIDDEN}.", className="legend"))
    return html.Section(children, className="panel")


def _all_answers(found: ComparedFigure, total: Numbers) -> str:
    """A distribution's whole is the share of the good answers; what it is of is told apart."""
    counted = "svar" if found.parts[0][0][0][0] == "answer" else "bedömda"
    return f"{text.number(total.denominator or 0)} {counted} i allt."


def _heading(definition: Definition, parts: tuple[tuple[Split, Shown], ...]) -> str:
    if definition.kind is Kind.FLOW:
        return "Från och till"
    columns = definition.split or tuple(column for column, _ in parts[0][0])
    if definition.kind is Kind.DISTRIBUTION:
        return "Svarens fördelning" if columns == ("answer",) else heading(columns)
    return f"Per {heading(columns).lower()}"


def _table(found: ComparedFigure, title: str) -> html.Div:
    definition = found.definition
    columns = [Column(heading([found.parts[0][0][0][0]]))]
    rows = [
        [text.capital(part_words(definition, split)), *_cells(definition, shown)]
        for split, shown in sorted(found.parts, key=lambda one: sort_key(definition, one[0]))
    ]
    if definition.kind is not Kind.DISTRIBUTION:
        rows.append(["Alla" if definition.shape is Shape.SHARE else "Summa", *_cells(definition, found.parts_total)])
    return data_table(title, [*columns, *_columns(definition)], rows)


def _columns(definition: Definition) -> list[Column]:
    if definition.shape is not Shape.SHARE:
        return [Column("Antal", is_number=True)]
    above, below = ("Antal", "Av") if definition.kind is Kind.DISTRIBUTION else headings(definition)
    return [Column(above, is_number=True), Column(below, is_number=True), Column("Andel", is_number=True)]


def _cells(definition: Definition, shown: Shown | None) -> list[Any]:
    if definition.shape is not Shape.SHARE:
        return [value_cell(definition, shown)]
    return [count_cell(shown, "numerator"), count_cell(shown, "denominator"), value_cell(definition, shown)]
