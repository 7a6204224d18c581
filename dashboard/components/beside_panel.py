"""Figures that are read together with this one, such as our own behaviour beside a counterpart's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard import words
from dashboard.components.link import address, link
from dashboard.components.status_mark import status_mark
from dashboard.parts import judged_in_full
from kpi.period import Period
from kpi.views.rows import FigureRow


def beside_panel(rows: Sequence[FigureRow], month: Period) -> html.Section | None:
    """A small row for each; None when there are none."""
    if not rows:
        return None
    return html.Section(
        [html.H2("Läs tillsammans med"), html.Ul([_item(row, month) for row in rows], className="beside")],
        className="panel",
    )


def _item(row: FigureRow, month: Period) -> html.Li:
    return html.Li([figure_link(row, month), *standing(row)])


def figure_link(row: FigureRow, month: Period) -> dcc.Link:
    """To the figure's page for its unit and the month."""
    href = address(f"/nyckeltal/{row.definition.id}", enhet=row.unit.code, manad=str(month))
    return link(row.definition.name, href)


def standing(row: FigureRow) -> list[Any]:
    """The value with its time, or why there is none, and the state."""
    when = words.when(row.definition, row.judged)
    told = f"{judged_in_full(row) if row.judged.value is not None else 'Inga fall'} {when}"
    if not row.has_values:
        told = words.why_empty(row)
    return [html.Span(told), status_mark(row.status)]
