"""Which other municipalities' packages are here, how old they are, and where they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard import neighbours
from dashboard.components.link import address, link
from kpi.views.comparison import Comparison
from kpi.views.neighbours import Neighbour


def neighbours_line(found: Comparison, others: Sequence[Neighbour]) -> html.P | None:
    """A line for the comparison's first page; None when there are none."""
    if not others:
        return None
    children: list[Any] = [
        f"Här finns också vad andra kommuner har släppt. {'. '.join(map(neighbours.source, others))}. "
    ]
    told = [row for row in found.rows if _is_told(row.definition.id, others)]
    example = next((row for row in told if row.values[-1] is not None), next(iter(told), None))
    if example is not None:
        widest = [value.unit.code for value in example.values if value is not None][-1]
        href = address(f"/jamforelse/{example.definition.id}", enhet=widest, slut=str(found.end))
        children += ["De står på varje nyckeltals sida, till exempel ", link(example.definition.name, href), "."]
    return html.P(children, className="lead-note")


def _is_told(kpi_id: str, others: Sequence[Neighbour]) -> bool:
    return any(kpi_id in one.figures or one.package_no is None for one in others)
