"""A figure's cells on the overview: one value with its time, its target, its line, its state and its change."""

from __future__ import annotations

from datetime import date
from typing import Any

from dash import html

from control.board_work import BoardWork
from control.matters import is_answered
from control.remarks import is_red
from dashboard import changes, texts, variation, words
from dashboard.components.attributes import data
from dashboard.components.link import address, link
from dashboard.components.spark import spark
from dashboard.components.status_mark import mark, status_mark
from dashboard.components.variation_mark import assurance_mark, variation_mark
from dashboard.parts import grades, in_order, part_words
from dashboard.places import ADDRESSES
from kpi import format as text
from kpi.access import Place
from kpi.definition import Kind, Shape
from kpi.status import State
from kpi.views.rows import FigureRow, Overview, Reading


def figure_cells(row: FigureRow, page: Overview, work: BoardWork | None, today: date) -> list[Any]:
    """The cells of the row. `work`: what is done about it, for those who read it."""
    cells = [
        html.Th(_name(row, page), scope="row", role="rowheader", className="name"),
        _cell("Värde", _value(row), "num value"),
        _cell("Mål" if row.target is not None and not row.target.is_watch else "", _target(row), "num muted target"),
        _cell("Utveckling", spark(row), "spark"),
        _cell("Läge", _standing(row), "status-cell"),
        _cell("Jämfört med", _change(row), "change"),
    ]
    return cells if work is None else [*cells, _cell("Åtgärd", _action(row, work, today), "action-cell")]


def _action(row: FigureRow, work: BoardWork, today: date) -> list[Any]:
    """What is under way, the next due; else why nothing is, and whether somebody has to answer."""
    ongoing = work.ongoing_for(row.definition.id)
    if ongoing:
        first, more = ongoing[0], len(ongoing) - 1
        due = f"klar senast {text.day(first.due_on)}"
        told = html.Strong(f"försenad, {due}", className="off") if first.is_late(today) else due
        also = [html.Small(f"och {text.count_word(more)} till")] if more else []
        return [link(first.what, f"{ADDRESSES[Place.ACTIONS]}/{first.number}"), html.Small(told), *also]
    if not is_red(row):
        is_at_ease = row.status.state in (State.REACHES, State.NEAR)
        return [html.Span("Behövs inte nu" if is_at_ease else words.NOTHING, className="muted")]
    if done := work.acted_on(row.definition.id, row.current.last):
        was = f"klar {text.day(done[0].done_on)}" if done[0].done_on else done[0].status.words
        return [link(done[0].what, f"{ADDRESSES[Place.ACTIONS]}/{done[0].number}"), html.Small(was)]
    if is_answered(row, work):
        return ["Ingen, skälet är skrivet"]
    theirs = row.definition.control == "counterpart"
    return [
        html.Strong("Ingen åtgärd", className="" if theirs else "off"),
        *([html.Small("motparten avgör")] if theirs else []),
    ]


def _standing(row: FigureRow) -> list[Any]:
    marks = (variation_mark(row.variation), assurance_mark(row))
    told = variation.untested(row)
    return [
        status_mark(row.status),
        *(one for one in marks if one is not None),
        *([html.Small(told, className="untested")] if told is not None else []),
    ]


def _cell(label: str, children: Any, class_name: str) -> html.Td:
    return html.Td(children, className=class_name, role="cell", **data(label=label))


def _name(row: FigureRow, page: Overview) -> list[Any]:
    definition = row.definition
    about = [definition.owner_role]
    if row.unit.code != page.home.code:
        about.append(f"hela {row.unit.name}")
    if row.is_context:
        about.append(f"källa: {texts.CONTEXT_SOURCE}")
    children: list[Any] = [
        link(definition.name, address(f"/nyckeltal/{definition.id}", enhet=row.unit.code, manad=str(page.month))),
        html.Small(", ".join(about), className="about"),
    ]
    telling = most_telling(row)
    if telling:
        children.append(html.Small(telling))
    children += [html.Small(note) for note in words.notes(row)]
    if row.is_late:
        reach = f"levererat till och med {text.day(row.as_of)}" if row.as_of else "inget levererat"
        children.append(mark(reach))
    if any(one.period == row.current.last for one in row.changed_since):
        children.append(mark(texts.CHANGED_SINCE_CLOSING))
    return children


def most_telling(row: FigureRow) -> str | None:
    """The split's most telling part: the biggest flow, or the part furthest on the bad side; None without a split."""
    definition = row.definition
    if not definition.split or row.is_told_by_parts or not row.parts:
        return None
    if row.telling is None:
        return None if row.target is None and definition.direction == "neutral" else "För få fall per part"
    part = part_words(definition, row.telling.split)
    if definition.kind is Kind.FLOW:
        return f"Största flödet {part}: {words.value(definition, row.telling.reading)} på 12 månader"
    most, least = _EXTREMES.get(definition.shape, ("Högst", "Lägst"))
    side = most if definition.direction == "decrease" else least
    return f"{side}: {part}, {words.in_full(definition, row.telling.reading)}"


_EXTREMES = {Shape.SHARE: ("Störst andel", "Minst andel"), Shape.COUNT: ("Flest", "Färst")}


def _value(row: FigureRow) -> list[Any]:
    if row.definition.kind is Kind.LEVEL:
        return _grades(row)
    if row.is_told_by_parts:
        return _lowest(row) if row.target is not None else _each_part(row)
    definition, judged = row.definition, row.judged
    number, unit = words.value_and_unit(definition, judged)
    children: list[Any] = [html.B(number)]
    if unit:
        children.append(html.Small(unit))
    children.append(_basis_and_period(row, judged))
    if row.year is not None:
        children.append(html.Small(_own_period(row), className="own"))
    return children


def _basis_and_period(row: FigureRow, reading: Reading) -> html.Small:
    """Two short phrases on a line, each kept whole where the line breaks."""
    told = [one for one in (words.basis(row.definition, reading), words.period(row.definition, reading)) if one]
    if len(told) < 2:
        return html.Small([html.Span(one, className="nowrap") for one in told])
    return html.Small([html.Span(f"{told[0]},", className="nowrap"), " ", html.Span(told[1], className="nowrap")])


def _own_period(row: FigureRow) -> str:
    own = words.basis(row.definition, row.current) or words.value(row.definition, row.current)
    return f"{text.month(row.current.last, short=True)}: {own}"


def _lowest(row: FigureRow) -> list[Any]:
    definition = row.definition
    if row.telling is None:
        return [html.B(words.NOTHING), html.Small(words.period(definition, row.current))]
    return [
        html.B(words.value(definition, row.telling.reading)),
        _basis_and_period(row, row.telling.reading),
        html.Small(f"lägst av {text.count_word(len(row.parts))} delar: {part_words(definition, row.telling.split)}"),
    ]


def _grades(row: FigureRow) -> list[Any]:
    """The sides beside each other; never one for all of them."""
    told: list[Any] = []
    for one in grades(row):
        sides: list[Any] = [f"{text.capital(one.about)}: "] if one.about else []
        for at, (side, grade) in enumerate(one.sides):
            sides += [f"{', ' if at else ''}{side} ", html.Strong(grade)]
        told.append(html.Small(sides))
    return [*told, html.Small(words.period(row.definition, row.current))] if told else [html.B(words.NOTHING)]


def _each_part(row: FigureRow) -> list[Any]:
    children: list[Any] = []
    for part in in_order(row.definition, row.parts):
        children.append(html.B(words.value(row.definition, part.reading)))
        children.append(
            html.Small(f"{part_words(row.definition, part.split)}, {words.period(row.definition, part.reading)}")
        )
    return children


def _change(row: FigureRow) -> list[Any]:
    if row.is_told_by_parts:
        return [html.Span("Jämförs del för del", className="muted")]
    found = changes.change(row)
    than, bracket, value = found.than.partition(" (")
    if not bracket:
        return [found.size, *([html.Small(found.than)] if found.than else [])]
    return [found.size, html.Small([f"{than} ", html.Span(f"({value}", className="nowrap")])]


def _target(row: FigureRow) -> list[Any]:
    if row.target is None:
        return [words.target(row.definition, None)]
    found = words.target(row.definition, row.target, with_proposed=False)
    told, _, unit = found.partition(text.NBSP if row.definition.unit == "points" else "\n")
    smalls = [unit, "" if row.target.is_decided else words.proposed(row.target)]
    return [told, *(html.Small(small) for small in smalls if small)]
