"""Who comes to the meetings, and whether others come less when school calls."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import html

from dashboard.components import states
from dashboard.components.attendance_table import WayOf, attendance_table
from dashboard.components.graph import graph, how_to_read
from dashboard.components.link import link
from dashboard.components.process_panels import panel
from dashboard.components.typed_table import typed_table
from dashboard.figures.school import OTHERS, SCHOOL, school
from dashboard.process_tables import school_table
from dashboard.process_words import attendance_lead, of, school_lead
from kpi import format as text
from kpi.views.process import ProcessPage


def attendance_panel(page: ProcessPage, href: str | None, way: WayOf) -> html.Section:
    """The matrix. `href`: to the figure that has the same sums by called actor; `way`: to the plans behind a number."""
    title = f"Vem kommer till mötena, tolv månader till och med {text.month(page.place.month)}"
    told = attendance_lead(page.matrix, page.fewest)
    if not page.matrix.total.called:
        return panel(title, states.empty(told))
    note: list[Any] = [
        (
            "Starkare färg: större andel uteblev. Alla kallande aktörer är med, vad som än är valt ovan. ”Egen” är den "
            f"kallande aktörens egna deltagare. Under {text.count_word(page.fewest)} kallade står ingen andel. "
        )
    ]
    if href:
        note += ["Nyckeltalet ", link("Kallade parter som inte deltog", href), " har samma tal per kallad aktör. "]
    note.append(how_to_read("Matris", "Så läser du matrisen"))
    return panel(
        title,
        html.P(told, className="panel-lead"),
        attendance_table(page.matrix, f"{title}: deltog av kallade", page.fewest, way),
        html.P(note, className="muted small"),
    )


def school_panel(page: ProcessPage, href: str | None) -> html.Section:
    """School-called meetings beside others, over time. `href`: to the figure of the gap."""
    title = "När skolan kallar, och på övriga möten"
    if not page.gaps:
        sentence = "Leveranserna täcker ännu inte tolv månader till och med ett avslutat tertial."
        return panel(title, states.empty(sentence))
    latest = page.gaps[-1]
    lead = html.P(
        f"{school_lead(latest, page.fewest_in_gap)} Det gäller tolv månader till och med {text.month(latest.last)}.",
        className="panel-lead",
    )
    if all(one.difference is None for one in page.gaps):
        return panel(title, lead)
    note: list[Any] = [
        (
            "Varje punkt vilar på de tolv månader som slutar med tertialet. Bara aktörer som kallats till båda slagen "
            "av möten jämförs, och den som själv kallade räknas inte. Ihålig punkt: få fall. "
        )
    ]
    if href:
        note += ["Nyckeltalet ", link("Skillnad i deltagande när skolan kallar", href), " visar skillnaden mot målet."]
    told = "; ".join(
        f"{text.month(one.last)}: {SCHOOL.lower()} {of(one.school)}, {OTHERS.lower()} {of(one.others)}"
        for one in page.gaps
    )
    return panel(
        title,
        lead,
        graph(
            "school",
            partial(school, page.gaps, page.fewest_in_gap),
            note,
            f"Linjediagram. Deltog av kallade, tolv månader till och med {told}.",
            typed_table(school_table(page)),
            explained="Linjediagram",
        ),
    )
