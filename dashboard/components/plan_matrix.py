"""The risks by probability and consequence: one table that is the picture too, and what has moved since last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from control.plan.content import Risk, Scale
from control.plan.reading import Move, PlanView
from control.plan.scale import band_of
from control.plan.store import PlanStatus
from control.plan.words import BANDS
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import link
from kpi import format as text

_UP, _DOWN, _NEW = "↑", "↓", "+"


def anchor(number: int) -> str:
    """The place of a risk on the page."""
    return f"risk-{number}"


def number_of(number: int) -> str:
    """A risk's short name on the page: `R3`."""
    return f"R{number}"


def matrix_section(found: PlanView, in_force: Scale, scale_href: str | None) -> html.Section:
    """The matrix, what has moved, and what the steps mean. `in_force`: the municipality's scale, which a plan that is
    begun does not follow; `scale_href`: where it is set, for who may."""
    content = found.content
    children: list[Any] = [
        html.H2("Riskmatris"),
        html.P(
            "Riskvärdet är sannolikhet gånger konsekvens. R och en siffra leder till risken längre ner. "
            f"{_UP} värdet har ökat sedan förra året, {_DOWN} minskat, {_NEW} ny risk.",
            className="muted panel-lead",
        ),
        _matrix(content.scale, content.risks, found.moves if found.is_same_scale else {}),
        *_moves(found),
        *_kept_scale(found, in_force),
        html.Details(
            [
                html.Summary("Vad stegen betyder"),
                _steps(content.scale),
                *([html.P(link("Ändra kommunens riskskala", scale_href, className="more"))] if scale_href else []),
            ],
            className="plan-details",
        ),
    ]
    return html.Section(children, className="section")


def _matrix(scale: Scale, risks: Sequence[Risk], moves: Mapping[str, Move]) -> html.Div:
    steps = range(1, scale.size + 1)
    numbered = list(enumerate(risks, 1))
    head = [
        html.Th("Sannolikhet", scope="col"),
        *(html.Th([f"{k} {scale.consequence[k - 1].word}"], scope="col") for k in steps),
    ]
    rows = [
        html.Tr(
            [
                html.Th(f"{s} {scale.probability[s - 1].word}", scope="row"),
                *(
                    _cell(
                        scale,
                        s * k,
                        [
                            (n, one, moves.get(one.id))
                            for n, one in numbered
                            if (one.probability, one.consequence) == (s, k)
                        ],
                    )
                    for k in steps
                ),
            ]
        )
        for s in reversed(steps)
    ]
    caption = "Riskmatris: sannolikhet uppåt, konsekvens åt höger, och riskerna i varje ruta"
    return html.Div(
        html.Table(
            [
                html.Caption(caption, className="visually-hidden"),
                html.Thead(
                    [
                        html.Tr([html.Td(), html.Th("Konsekvens", scope="colgroup", colSpan=scale.size)]),
                        html.Tr(head),
                    ]
                ),
                html.Tbody(rows),
            ],
            className="risk-matrix",
        ),
        className="table-box",
        tabIndex=0,
        role="region",
        **aria(label="Riskmatris"),
    )  # fmt: skip


def _cell(scale: Scale, value: int, inside: Sequence[tuple[int, Risk, Move | None]]) -> html.Td:
    band = band_of(scale, value)
    shown: list[Any] = [
        html.Span(
            [str(value), html.Span(f" {BANDS[band]} riskvärde", className="visually-hidden")], className="risk-value"
        )
    ]
    if inside:
        shown.append(html.Ul([html.Li(_mark(n, one, move)) for n, one, move in inside], className="risk-marks"))
    return html.Td(shown, className=f"band-{band}")


def _mark(number: int, risk: Risk, move: Move | None) -> html.A:
    words = f" {risk.process}"
    sign = ""
    if move is not None and move.then is None:
        sign, words = _NEW, f"{words}, ny i år"
    elif move is not None and move.then != move.now:
        sign = _UP if risk.value > (move.then or 0) else _DOWN
        words = f"{words}, {_changed(move)}"
    return html.A(
        [
            number_of(number),
            html.Span(sign, **aria(hidden="true")),
            html.Span(words, className="visually-hidden"),
        ],
        href=f"#{anchor(number)}",
        title=words.strip(),
    )


def _changed(move: Move) -> str:
    grew = (move.now or 0) > (move.then or 0)
    return f"{'ökat' if grew else 'minskat'} från {move.then} till {move.now}"


def change_words(move: Move | None, year: int) -> str | None:
    """What has happened to the risk since last year; None when there is nothing to compare with."""
    if move is None:
        return None
    if move.then is None:
        return "Ny i år."
    if move.then == move.now:
        return f"Samma värde som {year - 1}."
    return f"Värdet har {_changed(move)} sedan {year - 1}."


def _moves(found: PlanView) -> list[Any]:
    year = found.plan.year
    if not found.moves:
        return []
    if not found.is_same_scale:
        told = f"Riskskalan har bytts sedan {year - 1}, så årens värden jämförs inte."
        if found.status is PlanStatus.DRAFT:
            told += " Riskerna är flyttade till närmaste steg i den nya skalan. Bedöm dem på nytt."
        return [html.P(told, className="muted")]
    numbers = {one.id: number for number, one in enumerate(found.content.risks, 1)}
    lines = [
        f"{number_of(numbers[one.risk_id])} {one.process}: {_changed(one) if one.then else 'ny i år'}."
        for one in found.moves.values()
        if one.now is not None and one.now != one.then
    ]
    lines += [
        f"{one.process}: finns inte kvar (värdet var {one.then})." for one in found.moves.values() if one.now is None
    ]
    if not lines:
        return [html.P(f"Inget riskvärde har ändrats sedan planen för {year - 1}.", className="muted")]
    return [html.H3(f"Ändrat sedan {year - 1}"), html.Ul([html.Li(one) for one in lines])]


def _kept_scale(found: PlanView, in_force: Scale) -> list[Any]:
    if found.content.scale == in_force or found.status in (PlanStatus.FOLLOWED_UP, PlanStatus.CLOSED):
        return []
    told = "Kommunens riskskala är ändrad sedan planen påbörjades. Planen behåller sin; den nya gäller från nästa plan."
    return [html.P(told, className="muted")]


def _steps(scale: Scale) -> html.Div:
    columns = [Column("Steg"), Column("Sannolikhet"), Column("Konsekvens")]
    pairs = zip(scale.probability, scale.consequence, strict=True)
    rows: list[list[Any]] = [
        [str(number), *([text.capital(one.word), html.Small(one.meaning)] for one in pair)]
        for number, pair in enumerate(pairs, 1)
    ]
    return data_table("Vad stegen betyder", columns, rows)
