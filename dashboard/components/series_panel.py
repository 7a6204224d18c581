"""A figure over its periods: the chart with its table, or the table alone when there are too many parts to draw."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from dash import html

from dashboard import words
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.graph import graph
from dashboard.components.spark import alternative
from dashboard.figures.trend import MOST_LINES, charted, is_few, lines, shows_no_month, trend
from dashboard.parts import heading, part_words, sort_key
from dashboard.variation import HELP
from kpi import format as text
from kpi.definition import Definition, Kind, Shape
from kpi.spc.verdict import Mark
from kpi.variation import limit_within
from kpi.views.rows import ChartMark, FigureRow, Reading


def series_panel(row: FigureRow, heading_: str = "Utveckling", name: str = "trend") -> html.Section:
    """The panel. `name`: of the chart, unique on the page."""
    title = html.H2(heading_)
    if not row.is_told_by_parts:
        row = row.from_first_value
        if not _is_drawn(row):
            return html.Section([title, states.empty(_TOO_SHORT), _table(row)], className="panel")
        chart = graph(
            name, partial(trend, row), _caption(row), _alternative(row), _table(row), explained="Normal variation"
        )
        return html.Section([title, chart], className="panel")
    if len(row.part_series) > MOST_LINES:
        return html.Section([title, _parts_table(row)], className="panel")
    caption = ["En linje per serie; en punkt är ett år som har mätts."] if row.is_context else ["En linje per del."]
    chart = graph(name, partial(lines, row), caption, _alternative(row), _parts_table(row), explained="Linjediagram")
    return html.Section([title, chart], className="panel")


_TOO_SHORT = "Det finns inte tillräckligt många värden ännu för att rita en utveckling. De som finns står i tabellen."


def _is_drawn(row: FigureRow) -> bool:
    """Whether there is a line to see: three values at least, or two years of published statistics."""
    drawn = sum(one is not None and one.value is not None and one.is_covered for one in row.rolling)
    single = 0 if shows_no_month(row) else sum(one.value is not None for one in row.series)
    return max(drawn, single) >= (2 if row.is_context else 3)


def _alternative(row: FigureRow) -> str:
    marks = "".join(f" {text.capital(one)}." for one in begun(row))
    return f"Linjediagram över {row.definition.name}. {alternative(row)}{marks}"


_FEW = "Enskilda månader har för få fall för att visas i procent."


def _caption(row: FigureRow) -> list[str]:
    definition = row.definition
    found = []
    if row.rolling:
        found.append("Linje: de tolv månader som slutar med varje månad.")
        found.append(_FEW if shows_no_month(row) else "Punkter: enskilda månader.")
    elif definition.meaning.rolling:
        found.append("Varje punkt vilar på de tolv månader som slutar med perioden.")
    if row.is_context:
        found.append("En punkt är ett år som har mätts.")
    if charted(row):
        found.append(f"Tunn linje: vanlig nivå; {_dotted(charted(row))} för normal variation.")
        if any(one is not None and one.sign for one in charted(row)):
            found.append("Triangel: mer än normal variation.")
    if not shows_no_month(row) and any(is_few(definition, one) for one in row.series):
        found.append("Ihålig punkt: få fall.")
    if any(one.is_preliminary for one in row.series):
        found.append("Fyrkant: perioden är inte slut.")
    if row.variation.marks:
        found += [f"Ny vanlig nivå från {text.month(one.first)}: {one.note.rstrip('.')}." for one in row.rebases]
    found += [f"Prickad lodrät linje: {one}." for one in begun(row)]
    if row.changed_in:
        found.append("Prickad linje: definitionen ändrades. Hela serien är räknad enligt den som gäller nu.")
    if row.target:
        found.append(f"Streckad linje: {words.target(definition, row.target)}.")
    if charted(row):
        found.append(HELP)
    return [" ".join(found)]


def _dotted(marks: Sequence[Mark | None]) -> str:
    """Which limits there are to see."""
    has_lower = any(one is not None and one.lower is not None for one in marks)
    has_upper = any(one is not None and one.upper is not None for one in marks)
    if has_lower and has_upper:
        return "prickade linjer: gränser"
    return "prickad linje: övre gräns" if has_upper else "prickad linje: undre gräns"


def begun(row: FigureRow) -> list[str]:
    """The actions that began within the series, in words."""
    first, last = row.series[0].first.first_day, row.series[-1].last.last_day
    return [
        f"åtgärden ”{one.note}” började i {text.month(one.month)}"
        for one in row.marks
        if first <= one.month.first_day <= last
    ]


def _table(row: FigureRow) -> html.Div:
    definition = row.definition
    columns = [Column("Period"), *(Column(name, is_number=True) for name in _basis_columns(definition))]
    columns.append(Column("Värde", is_number=True))
    if row.rolling:
        columns.append(Column("Senaste 12 mån", is_number=True))
    marks = charted(row)
    if marks:
        columns += [Column("Vanlig nivå", is_number=True), Column("Gränser", is_number=True)]
    columns.append(Column("Anmärkning"))
    rolling: Sequence[Reading | None] = row.rolling or [None] * len(row.series)
    limits = marks or [None] * len(row.series)
    rows = [
        _line(row, one, over, mark, has_limits=bool(marks))
        for one, over, mark in zip(reversed(row.series), reversed(rolling), reversed(limits), strict=True)
    ]
    return data_table(f"{definition.name}, {row.unit.name}, per period", columns, rows)


def _basis_columns(definition: Definition) -> tuple[str, ...]:
    if definition.shape in (Shape.SHARE, Shape.RATE):
        return ("Täljare", "Nämnare")
    if definition.shape is Shape.GAP:
        return ("Minsta gruppen",)
    return ("Antal",) if definition.kind is Kind.MEDIAN else ()


def _line(row: FigureRow, one: Reading, over: Reading | None, mark: Mark | None, *, has_limits: bool) -> list[Any]:
    definition = row.definition
    cells: list[Any] = [text.capital(text.month(one.last))]
    columns = _basis_columns(definition)
    if len(columns) == 2:
        cells += [count(one.numerator), count(one.denominator)]
    elif columns:
        cells.append(text.number(one.cases) if one.value is not None else words.NOTHING)
    cells.append(words.NOTHING if shows_no_month(row) else words.value(definition, one))
    if over is not None:
        cells.append(words.value(definition, over) if over.is_covered else words.NOTHING)
    if has_limits:
        cells += _limits(definition, mark)
    signal = _SIGNS[mark.sign] if mark is not None and one.value is not None else ""
    began = [f"åtgärden ”{each.note}” började" for each in row.marks if _holds(one, each)]
    remark = ", ".join(part for part in (signal, _remark(row, one), *began) if part)
    return [*cells, words.remark(remark, one.note)]


def _holds(one: Reading, mark: ChartMark) -> bool:
    return one.first.first_day <= mark.month.first_day <= one.last.last_day


_SIGNS = {1: "mer än normal variation, över", -1: "mer än normal variation, under", 0: ""}


def _limits(definition: Definition, mark: Mark | None) -> list[str]:
    if mark is None or mark.centre is None:
        return [words.NOTHING, words.NOTHING]
    usual = text.quantity(mark.centre, definition.unit, max(definition.decimals, 1))
    ends = [
        words.NOTHING if end is None else text.quantity(end, definition.unit, definition.decimals)
        for end in (limit_within(definition, mark.lower), limit_within(definition, mark.upper))
    ]
    return [usual, f"{ends[0]} till {ends[1]}"]


def count(value: float | None) -> str:
    """A number of cases, or a dash."""
    return words.NOTHING if value is None else text.number(value)


def _remark(row: FigureRow, one: Reading) -> str:
    if row.is_context:
        return "" if one.value is not None else "inget värde"
    if not one.is_covered:
        return "uppgifter saknas"
    if one.is_preliminary:
        return "preliminärt"
    if one.value is None:
        return "inga fall"
    return "få fall" if is_few(row.definition, one) else ""


def _parts_table(row: FigureRow) -> html.Div:
    """A row per part, a column per period, the newest first."""
    definition = row.definition
    first = heading(definition.split)
    newest_first = [text.month(one.last, short=True).replace(text.NBSP, " ") for one in reversed(row.series)]
    columns = [Column(first), *(Column(month, is_number=True) for month in newest_first)]
    rows = []
    for one in sorted(row.part_series, key=lambda one: sort_key(definition, one.split)):
        values = [words.value(definition, reading) for reading in reversed(one.readings)]
        rows.append([text.capital(part_words(definition, one.split)), *values])
    return data_table(f"{definition.name}, {row.unit.name}, per period", columns, rows)
