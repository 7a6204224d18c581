"""Where a page's figures come from, for what is taken from it: files and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.context import Context
from dashboard.kept import by_rights
from kpi.access import Place, homes
from kpi.views.freshness import latest_day


@dataclass(frozen=True)
class PageFacts:
    """`municipality`: whose it is; `until`: the last day that has been delivered. None where it cannot be told in one
    word."""

    municipality: str | None = None
    until: date | None = None


def page_facts(context: Context, place: Place | None) -> PageFacts:
    """Of the address's unit, else of where the reader begins. What has been released tells its own place and end, the
    same to everyone."""
    code = _municipality(context)
    if code is None or (place is Place.COMPARISON and not context.query.get("enhet")):
        return PageFacts()
    found = context.organisation.municipality(code)
    name = found.name if found else None
    if place is Place.COMPARISON:
        return PageFacts(name)
    until = by_rights(context, "until", code, lambda nameless: latest_day(nameless.connection, nameless.viewer, code))
    return PageFacts(name, until)


def _municipality(context: Context) -> str | None:
    unit = context.query.get("enhet")
    found = context.organisation.spans(unit) if unit else homes(context.viewer, context.organisation)
    return found[-1 if unit else 0].municipality_code if found else None
