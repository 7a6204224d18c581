"""What a request asks for of what has been released: read in one way, so that pages and files hold the same."""

from __future__ import annotations

from dashboard.context import Context
from kpi.views.comparison import ComparedFigure, Comparison, compared_figure, comparison
from kpi.views.neighbours import Neighbour, NeighbourValue, neighbour_values, neighbours


def comparison_of(context: Context) -> Comparison | None:
    """What the municipality of the address's place, else the viewer's own, has released up to the address's month."""
    code = context.query.get("enhet")
    spans = context.organisation.spans(code) if code else ()
    return comparison(
        context.connection,
        context.catalogue,
        context.viewer,
        context.organisation,
        municipality_code=(spans[-1].municipality_code if spans else None) or code,
        end=context.end,
    )


def figure_of(context: Context, kpi_id: str) -> ComparedFigure | None:
    """One figure for the address's place and closed period."""
    return compared_figure(
        context.connection,
        context.catalogue,
        context.viewer,
        context.organisation,
        kpi_id,
        unit_code=context.query.get("enhet") or None,
        end=context.end,
    )


def neighbours_of(context: Context, found: Comparison) -> tuple[Neighbour, ...]:
    """The other municipalities that the reader meets beside this one."""
    return neighbours(context.connection, context.viewer, context.organisation, found.municipality_code)


def neighbour_values_of(context: Context, found: ComparedFigure) -> tuple[NeighbourValue, ...]:
    """The figure in them."""
    return neighbour_values(context.connection, context.viewer, context.organisation, found)
