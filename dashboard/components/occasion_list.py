"""A board's controls as they come due: what is late first, in words and a table; the coming and the done are folded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import html

from control.occasions.reading import Listed, Standing
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import link
from kpi import format as text

ADDRESS = "/intern-kontroll"


def occasion_section(found: Sequence[Listed], today: date) -> html.Section:
    """The board's list, in the order that it was read."""
    by_standing = {one: [each for each in found if each.standing is one] for one in Standing}
    now = [*by_standing[Standing.LATE], *by_standing[Standing.DUE]]
    children: list[Any] = [html.H2("Kontrollmoment"), html.P(_sentence(found), className="panel-lead")]
    if now:
        children.append(_table("Att genomföra nu", now, today))
    for standing, word in ((Standing.COMING, "Kommande"), (Standing.DONE, "Genomförda")):
        if held := by_standing[standing]:
            heading = f"{word}: {text.plural(len(held), 'kontrollmoment', 'kontrollmoment')}"
            table = _table(word, held, today)
            children.append(html.Details([html.Summary(heading), table], className="folded"))
    return html.Section(children, className="section")


def _sentence(found: Sequence[Listed]) -> str:
    """What is late, then what is due; when neither, what comes next."""
    late = sum(one.standing is Standing.LATE for one in found)
    due = [one for one in found if one.standing is Standing.DUE]
    if late or due:
        told = [f"{_counted(late)} är {'försenat' if late == 1 else 'försenade'}"] if late else []
        if due:
            first = ", det första" if len(due) > 1 else ""
            told.append(f"{_counted(len(due))} ska genomföras{first} senast {text.day(due[0].occasion.due_on)}")
        return text.capital(", ".join(told)) + "."
    coming = next((one for one in found if one.standing is Standing.COMING), None)
    if coming is None:
        return "Inget kontrollmoment väntar." if found else "Planen har inga kontrollmoment ännu."
    return f"Inget kontrollmoment väntar nu. Nästa ska vara genomfört senast {text.day(coming.occasion.due_on)}."


def _counted(count: int) -> str:
    return "ett kontrollmoment" if count == 1 else f"{text.count_word(count)} kontrollmoment"


def _table(caption: str, found: Sequence[Listed], today: date) -> Any:
    if not found:
        return states.empty("Inget kontrollmoment.")
    columns = [Column("Kontrollmoment"), Column("Gäller"), Column("Senast"), Column("Läge"), Column("Ansvarig")]
    rows = [
        [
            link(one.described.control.what, f"{ADDRESS}/{one.occasion.number}"),
            text.capital(text.month(one.occasion.period)),
            text.day(one.occasion.due_on),
            standing_words(one, today),
            one.described.control.responsible,
        ]
        for one in found
    ]
    return data_table(caption, columns, rows)


def standing_words(one: Listed, today: date) -> Any:
    """`Försenat 12 dagar`, `Att genomföra`, `Kommande`, or the result."""
    occasion = one.occasion
    if one.standing is Standing.LATE:
        return html.Strong(f"Försenat {text.days((today - occasion.due_on).days)}", className="late")
    if occasion.result is not None and occasion.is_done:
        after = [] if occasion.is_on_time else [html.Small("efter sista dagen")]
        return [text.capital(occasion.result.words), *after]
    return "Att genomföra" if one.standing is Standing.DUE else "Kommande"
