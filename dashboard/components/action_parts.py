"""One action: what and why, the figure before and after, and all that has happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from dash import html

from control.actions.content import ActionEvent, BoardAction, Origin, SignedEffect
from control.actions.effect import Comparison, Level
from dashboard import action_words, words
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.graph import graph
from dashboard.components.link import address, link
from dashboard.figures.effect import effect_chart, side_of
from dashboard.figures.trend import place_of
from kpi import format as text
from kpi.definition import Definition
from kpi.period import Period, PeriodType
from kpi.views.rows import FigureRow
from warehouse import clock

_KINDS = {"made": "Åtgärden lades upp", "comment": "Kommentar", "changed": "Ändrad", "reminder": "Påminnelse",
          "effect": "Effekten bedömd"}  # fmt: skip

_SCHEDULER = "schemaläggaren"
"""Who reminds of itself, as the history keeps it."""
_COUNTED = "Hela perioder räknas: den månad då åtgärden började räknas inte, om den började mitt i."


def lead(one: BoardAction, today: date) -> html.P:
    """Where it stands, and what it was judged to have done."""
    standing = text.capital(action_words.status(one, today))
    pieces: list[Any] = [html.Strong(f"{standing}.", className="off" if one.is_late(today) else None)]
    if one.is_ongoing:
        pieces.append(f" Klar senast {text.day(one.due_on)}.")
    told = f" Förvaltningen bedömer effekten: {one.effect.words}." if one.effect else " Effekten är inte bedömd ännu."
    return html.P([*pieces, told], className="lead")


def facts_section(one: BoardAction, definition: Definition | None, place: str) -> html.Section:
    """What, why, who and when."""
    due = text.day(one.due_on)
    if one.due_on != one.first_due_on:
        due += f" (först lovat {text.day(one.first_due_on)})"
    facts: list[tuple[str, Any]] = [
        ("Varför", one.root_cause),
        ("Ansvarig", one.responsible),
        ("Gäller", place),
        ("Börjar" if one.starts_on > clock.today() else "Började", text.day(one.starts_on)),
        ("Klar senast", due),
        *([("Införd", f"{text.local_day(one.made_at)}, i efterhand")] if one.is_entered_late else []),
        ("Kostnad", text.capital(one.cost_class.words)),
        ("Bakgrund", _origin(one)),
    ]
    if definition is not None:
        figure = link(definition.name, address(f"/nyckeltal/{definition.id}", enhet=one.place_code))
        facts.insert(3, ("Ska ändra", [figure, f" {action_words.expected(definition, one)}"]))
    items = [html.Div([html.Dt(term), html.Dd(told)]) for term, told in facts]
    return html.Section([html.H2("Åtgärden"), html.Dl(items, className="facts")], className="panel")


def _origin(one: BoardAction) -> Any:
    told = text.capital(one.origin.words)
    if not one.origin_reference:
        return told
    if one.origin is Origin.CONTROL and one.origin_reference.isdecimal():
        return link(f"Kontrollmoment {one.origin_reference}", f"/intern-kontroll/{one.origin_reference}")
    if one.origin is Origin.CONTROL:
        return f"Kontrollmomentet ”{one.origin_reference}”"
    if one.origin is Origin.DECISION:
        return f"Beslutet {one.origin_reference}"
    return f"{told}: {one.origin_reference}"


def effect_section(row: FigureRow, found: Comparison, one: BoardAction) -> html.Section:
    """The figure before and after: a sentence, the chart and its table."""
    definition = row.definition
    title = html.H2(f"{definition.name} före och efter")
    if row.is_told_by_parts:
        told = "Nyckeltalet följs del för del och har inget samlat värde att jämföra före och efter."
        return html.Section([title, states.empty(told)], className="panel")
    row = row.from_first_value
    sentence = action_words.comparison(definition, found, one.expected_to)
    began = Period.containing(one.starts_on, PeriodType.MONTH)
    draw = partial(effect_chart, row, found, began, one.expected_to)
    caption = _caption(found, one.expected_to, is_begun=place_of(row, began) is not None)
    told = f"Linjediagram över {definition.name}. {sentence}"
    chart = graph("effect", draw, caption, told, _table(row, found), explained="Före och efter")
    levels = data_table(
        "Nivån före och efter",
        [Column("När"), Column("Perioder"), Column("Nivå", is_number=True), Column("Median", is_number=True),
         Column("Naturliga gränser", is_number=True)],
        [_level(definition, name, level) for name, level in (("Före", found.before), ("Efter", found.after))],
    )  # fmt: skip
    return html.Section([title, html.P(sentence, className="panel-lead"), levels, chart], className="panel")


def _caption(found: Comparison, expected_to: float | None, *, is_begun: bool) -> list[str]:
    """What is drawn, and nothing else."""
    before, after, told = found.before, found.after, []
    if is_begun:
        told.append("Lodrät linje: åtgärden börjar.")
    if before is not None and before.level is not None:
        has_limits = before.lower is not None or before.upper is not None
        told.append(f"Tunn linje: nivån före, dragen vidare{'; prickade: naturliga gränser före' * has_limits}.")
    if after is not None and after.level is not None:
        told.append("Tjock linje: nivån efter.")
    if expected_to is not None:
        told.append("Streckad: det väntade värdet.")
    return [" ".join([*told, _COUNTED])]


def _level(definition: Definition, name: str, level: Level | None) -> list[Any]:
    if level is None:
        return [name, words.NOTHING, words.NOTHING, words.NOTHING, words.NOTHING]
    return [
        name,
        action_words.span(level),
        action_words.quantity(definition, level.level),
        action_words.quantity(definition, level.median),
        action_words.limits(definition, level),
    ]


def _table(row: FigureRow, found: Comparison) -> html.Div:
    columns = [Column("Period"), Column("Värde", is_number=True), Column("Räknas som")]
    rows = [
        [text.capital(text.month(one.last)), words.value(row.definition, one), side_of(found, one.last)]
        for one in reversed(row.series)
    ]
    return data_table(f"{row.definition.name} per period", columns, rows)


def signed_section(signed: Sequence[SignedEffect], definition: Definition | None) -> html.Section:
    """What was judged, with the numbers as they were shown then."""
    if not signed:
        content: Any = states.empty("Ingen har bedömt effekten ännu.")
    else:
        columns = [Column("Effekt"), Column("Motivering"), Column("Före"), Column("Efter"), Column("Underskriven")]
        content = data_table("Bedömd effekt", columns, [_signed(one, definition) for one in signed])
    return html.Section([html.H2("Bedömd effekt"), content], className="section")


def _signed(one: SignedEffect, definition: Definition | None) -> list[Any]:
    return [
        text.capital(one.effect.words),
        one.motivation,
        _stored(one.before, definition),
        _stored(one.after, definition),
        [text.moment(one.signed_at), html.Small(one.signed_by)],
    ]


def _stored(level: Mapping[str, Any] | None, definition: Definition | None) -> Any:
    if level is None or definition is None:
        return words.NOTHING
    first, last = (text.month(Period.parse(level[name]), short=True) for name in ("first", "last"))
    return [action_words.quantity(definition, level["level"]), html.Small(f"{first} – {last}")]


def history_section(events: Sequence[ActionEvent], definition: Definition | None) -> html.Section:
    """All that has happened, the newest first."""
    items = [html.Li(_event(one, definition)) for one in events]
    return html.Section([html.H2("Vad som har hänt"), html.Ol(items, className="timeline")], className="section")


def _by(one: ActionEvent) -> str:
    return "automatisk påminnelse" if one.kind == "reminder" and one.by == _SCHEDULER else one.by


def _event(one: ActionEvent, definition: Definition | None) -> list[Any]:
    changes = [html.Li(action_words.change(name, pair[0], pair[1], definition)) for name, pair in one.changed.items()]
    return [
        html.Strong(_KINDS.get(one.kind, one.kind)),
        html.Small(f"{text.moment(one.at)}, {_by(one)}"),
        *([html.Ul(changes, className="plain-list")] if changes else []),
        *([html.P(one.text, className="written")] if one.text else []),
    ]
