"""The first sentences of the overview: what is off its target, what has clearly changed, what is missing. Pure.

At most three, each from the rows' state; only what a control chart flags is called a clear change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard import words
from dashboard.parts import judged_in_full
from kpi import format as text
from kpi.definition import Shape
from kpi.spc.verdict import Told
from kpi.status import State
from kpi.views.rows import FigureRow, Overview

_WORTH_TELLING = 0.05
"""A difference of five percentage points or more is mentioned first of all."""


@dataclass(frozen=True)
class Piece:
    """Some words; `tone` is "" for plain, "strong" or "off"."""

    words: str
    tone: str = ""


Sentence = tuple[Piece, ...]


def sentences(page: Overview) -> tuple[Sentence, ...]:
    """One to three sentences."""
    found = (_targets(page.rows), _changes(page.rows), _missing(page))
    return tuple(sentence for sentence in found if sentence)


def furthest_off(rows: Sequence[FigureRow]) -> list[FigureRow]:
    """The figures off their target, the furthest first."""
    off = [row for row in rows if row.status.state is State.OFF and row.severity is not None]
    return sorted(off, key=lambda row: (-(row.severity or 0.0), row.definition.name))


def _targets(rows: Sequence[FigureRow]) -> Sentence:
    at = {state: sum(row.status.state is state for row in rows) for state in (State.OFF, State.NEAR, State.REACHES)}
    judged, off = sum(at.values()), furthest_off(rows)
    if not judged:
        return ()
    if not off:
        return (Piece(_none_off(judged, at[State.NEAR])),)
    worst, decided = off[0], [row for row in off if row.target is not None and row.target.is_decided]
    if worst.target is None:
        raise ValueError("a figure without a target is not off it")
    tone = "off" if decided else "strong"
    told = f"{judged_in_full(worst)} {words.when(worst.definition, worst.judged)}, "
    against = Piece(words.against(worst.definition, worst.target), "strong")
    if judged == 1:
        return Piece(worst.definition.name, tone), Piece(f" ligger {_outside(1, decided)}: {told}"), against, Piece(".")
    return (
        *_standing(judged, len(off), at[State.NEAR], Piece(_outside(len(off), decided), tone)),
        Piece("; längst ifrån är "),
        Piece(worst.definition.name, "strong"),
        Piece(f": {told}"),
        against,
        Piece("."),
    )


def _none_off(judged: int, near: int) -> str:
    if not near:
        which = "Det nyckeltal" if judged == 1 else "Alla nyckeltal"
        return f"{which} som går att bedöma når sin nivå."
    some, right = text.counts(near, judged - near)
    reached = f" och {right} når den" if near < judged else ""
    return f"Inget nyckeltal som går att bedöma ligger utanför sin nivå: {some} ligger nära{reached}."


def _standing(judged: int, off: int, near: int, outside: Piece) -> Sentence:
    """How many are off, near and there; a sentence does not begin with a figure."""
    if off == judged:
        every = "Båda de" if judged == 2 else f"Alla {text.count_word(judged)}"
        return Piece(f"{every} nyckeltal som går att bedöma ligger "), outside
    every, wrong, close, right = text.counts(judged, off, near, judged - off - near)
    rest = f" och {close} nära" if near else ""
    if judged > off + near:
        rest += f", medan {right} når sin nivå"
    start = f"Av de {every} nyckeltal som går att bedöma ligger "
    return Piece(start), Piece(f"{wrong} {outside.words}", outside.tone), Piece(rest)


def _outside(off: int, decided: Sequence[FigureRow]) -> str:
    """Of levels that are only proposed nothing is missed: it is said, and no alarm is raised (`kpi.status`)."""
    if not decided:
        return "utanför sin föreslagna nivå"
    if len(decided) == off:
        return "utanför sin nivå"
    return f"utanför sin nivå ({text.counts(len(decided), off)[0]} utanför en beslutad)"


def _changes(rows: Sequence[FigureRow]) -> Sentence:
    """What is more than normal variation, the worse first. Where nothing is, how many could be tested at all; where
    none could, the biggest difference, which may be chance."""
    names = {
        told: [row.definition.name for row in rows if row.variation.told is told]
        for told in (Told.CONCERN, Told.IMPROVEMENT, Told.HIGHER, Told.LOWER)
    }
    if not any(names.values()):
        return _tested(rows) or _difference(rows)
    pieces: list[Piece] = []
    for told, those in names.items():
        if those:
            more = f" och {text.count_word(len(those) - 2)} till" if len(those) > 2 else ""
            tone = "off" if told is Told.CONCERN else "strong"
            pieces += [Piece(" " if pieces else ""), Piece(_CLEAR[told], tone),
                       Piece(f", mer än normal variation: {_listed(those[:2])}{more}.")]  # fmt: skip
    return tuple(pieces)


_CLEAR = {
    Told.CONCERN: "Tydlig försämring",
    Told.IMPROVEMENT: "Tydlig förbättring",
    Told.HIGHER: "Tydlig ökning",
    Told.LOWER: "Tydlig minskning",
}


def _tested(rows: Sequence[FigureRow]) -> Sentence:
    """Nothing where no control chart could be drawn: each row says why."""
    usual = sum(row.variation.told is Told.USUAL for row in rows)
    every = sum(row.has_values for row in rows)
    if not usual:
        return ()
    if usual == every:
        return (Piece("Inget nyckeltal visar en säker förändring."),)
    many, all_ = text.counts(usual, every)
    none = "det visar ingen" if usual == 1 else "inget av dem visar en"
    return (Piece(f"Av {all_} nyckeltal går {many} att pröva mot sin normala variation, och {none} säker förändring."),)


def _difference(rows: Sequence[FigureRow]) -> Sentence:
    shares = [
        row
        for row in rows
        if row.definition.shape is Shape.SHARE
        and row.year is not None
        and row.change is not None
        and row.change.difference is not None
    ]
    if not shares:
        return ()
    biggest = max(shares, key=lambda row: abs((row.change and row.change.difference) or 0.0))
    change = biggest.change
    if change is None or change.difference is None or abs(change.difference) < _WORTH_TELLING:
        return (Piece("Inga andelar skiljer sig mer än fem procentenheter från året före."),)
    direction = "högre" if change.difference > 0 else "lägre"
    return (
        Piece("Störst skillnad mot året före har "),
        Piece(biggest.definition.name, "strong"),
        Piece(
            f": {words.basis(biggest.definition, change.now)} mot {words.basis(biggest.definition, change.before)}, "
            f"{text.points(change.difference)} {direction}, vilket kan vara normal variation."
        ),
    )


def _missing(page: Overview) -> Sentence:
    if page.month == page.preliminary_from:
        return (Piece("Månaden är inte slut: alla värden är preliminära."),)
    late = [row for row in page.rows if row.is_late]
    if not late:
        return ()
    names = _listed([row.definition.name for row in late[:2]])
    more = f" och {text.count_word(len(late) - 2)} till" if len(late) > 2 else ""
    reach = min((row.as_of for row in late if row.as_of), default=None)
    until = f", som är levererade till och med {text.day(reach)}" if reach else ", som inte har levererats"
    return (
        Piece("Uppgifter saknas", "strong"),
        Piece(f" för hela eller delar av {text.month(page.month)} i {names}{more}{until}."),
    )


def _listed(names: Sequence[str]) -> str:
    return " och ".join(f"”{name}”" for name in names)


def lead(page: Overview) -> html.Div:
    """The sentences, and what they do not say."""
    children: list[Any] = []
    for index, sentence in enumerate(sentences(page)):
        if index:
            children.append(" ")
        children.extend(_piece(piece) for piece in sentence)
    return html.Div(
        [
            html.P(children, className="lead"),
            html.P(
                "Målen är föreslagna tills nämnden har beslutat om dem. Skillnader kan vara normal variation: med små "
                "tal svänger andelar mycket från månad till månad.",
                className="lead-note",
            ),
        ]
    )


def _piece(piece: Piece) -> Any:
    if piece.tone == "off":
        return html.Strong(piece.words, className="off")
    return html.Strong(piece.words) if piece.tone else piece.words
