"""The plan's risks, each with its controls and the key figures that measure them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dash import html

from control.plan.content import Control, Method, Risk
from control.plan.judged import Judged
from control.plan.reading import PlanView
from control.plan.scale import Band
from control.plan.words import BANDS, CATEGORIES, FREQUENCIES, HANDLINGS, METHODS
from dashboard import texts
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import address, link
from dashboard.components.plan_matrix import anchor, change_words, number_of
from kpi import format as text
from kpi.definition import Definition


@dataclass(frozen=True)
class RiskWays:
    """Where the page's links lead. `edit`: to a form, by its parameters; None for who may not edit, and for a plan that
    is no draft. `is_figure_open`: whether the reader has the figures' pages."""

    board_code: str
    edit: Callable[..., str] | None
    is_figure_open: bool


def risk_section(found: PlanView, definitions: Mapping[str, Definition], ways: RiskWays) -> html.Section:
    """Every risk, in the plan's order; a high one is open, and so is each that may be edited."""
    add = [link("Lägg till en risk", ways.edit(gor="risk"), className="more")] if ways.edit else []
    risks = found.content.risks
    shown = [_risk(number, one, found, definitions, ways) for number, one in enumerate(risks, 1)]
    empty = [] if risks else [states.empty("Planen har inga risker ännu.")]
    return html.Section(
        [html.Div([html.H2("Risker och kontrollmoment"), *add], className="section-head"), *empty, *shown],
        className="section",
    )


def _risk(
    number: int, risk: Risk, found: PlanView, definitions: Mapping[str, Definition], ways: RiskWays
) -> html.Article:
    band = found.band(risk)
    scale = found.content.scale
    words = f"{scale.probability[risk.probability - 1].word} × {scale.consequence[risk.consequence - 1].word}"
    value: list[Any] = [
        html.Span(str(risk.value), className=f"value-mark band-{band}"),
        f" {text.capital(BANDS[band])} riskvärde: {words}. Hantering: {HANDLINGS[risk.handling]}. ",
        (change_words(found.moves.get(risk.id), found.plan.year) or "") if found.is_same_scale else "",
    ]
    about = [
        ("Orsak", text.capital(risk.cause)),
        ("Händelse", text.capital(risk.event)),
        ("Följd", text.capital(risk.effect)),
        ("Kategori", text.capital(CATEGORIES[risk.category])),
        ("Revisionsfråga", f"{risk.audit_question}. {texts.AUDIT_QUESTIONS[risk.audit_question]}"),
    ]
    if risk.source is not None:
        about.append(("Källa", f"{risk.source.gist} ({risk.source.report}, {risk.source.section})"))
    controls = f"{text.count_word(len(risk.controls))} kontrollmoment"
    inside: list[Any] = [
        html.Summary(f"Orsak, följd och {controls if risk.controls else 'kontrollmoment'}"),
        html.Dl([cell for name, told in about for cell in (html.Dt(name), html.Dd(told))], className="risk-about"),
        _controls(risk, definitions, ways),
        _audit(risk, definitions),
        _links(risk, ways),
    ]
    is_open = band is Band.HIGH or ways.edit is not None
    children: list[Any] = [
        html.H3(f"{number_of(number)} {risk.process}"),
        html.P(value),
        _judged(found.judged.get(risk.id)),
        html.Details([one for one in inside if one is not None], className="plan-details risk-inside", open=is_open),
    ]
    return html.Article([one for one in children if one is not None], id=anchor(number), className="panel risk")


def _judged(judged: Judged | None) -> html.P | None:
    if judged is None:
        return None
    return html.P(
        f"Senast bedömd vid ett kontrollmoment {text.day(judged.on)}: riskvärde {judged.value}.", className="muted"
    )


def _links(risk: Risk, ways: RiskWays) -> html.P | None:
    if ways.edit is None:
        return None
    found = [
        link("Ändra risken", ways.edit(gor="risk", risk=risk.id), className="more"),
        link("Lägg till ett kontrollmoment", ways.edit(gor="moment", risk=risk.id), className="more"),
        link("Ta bort risken", ways.edit(gor="ta-bort", risk=risk.id), className="more"),
    ]
    return html.P(
        [html.Span([one, html.Span(f" {risk.process}", className="visually-hidden")]) for one in found],
        className="plan-links",
    )


def _controls(risk: Risk, definitions: Mapping[str, Definition], ways: RiskWays) -> Any:
    if not risk.controls:
        return states.empty("Risken har inget kontrollmoment.")
    columns = [
        Column("Kontrollmoment"), Column("Metod"), Column("Hur ofta"), Column("Ansvarig"), Column("Rapporteras"),
        Column("Mäts av"), *([Column("Ändra")] if ways.edit else []),
    ]  # fmt: skip
    rows = [
        [
            one.what,
            _method(one),
            text.capital(FREQUENCIES[one.frequency]),
            one.responsible,
            [one.reported_to, html.Small(one.reported_when)],
            _figures(one, definitions, ways),
            *([_edit_links(risk, one, ways.edit)] if ways.edit else []),
        ]
        for one in risk.controls
    ]
    return data_table(f"Kontrollmoment för {risk.process}", columns, rows)


def _method(control: Control) -> Any:
    words = text.capital(METHODS[control.method])
    if control.method is not Method.SAMPLE:
        return words
    of_what = "planer, mot lagens fyra uppgifter" if control.is_review else "dras av den som kontrollerar"
    return [words, html.Small(f"{control.sample_size} {of_what}")]


def _figures(control: Control, definitions: Mapping[str, Definition], ways: RiskWays) -> Any:
    if not control.kpis:
        return "Inget nyckeltal"
    return html.Ul([html.Li(_figure(one, definitions, ways)) for one in control.kpis], className="plain-list")


def _figure(kpi_id: str, definitions: Mapping[str, Definition], ways: RiskWays) -> Any:
    known = definitions.get(kpi_id)
    if known is None:
        return f"{kpi_id} (finns inte längre)"
    if not ways.is_figure_open:
        return known.name
    return link(known.name, address(f"/nyckeltal/{kpi_id}", enhet=ways.board_code))


def _edit_links(risk: Risk, control: Control, edit: Callable[..., str]) -> html.Span:
    hidden = html.Span(f" kontrollmomentet {control.what}", className="visually-hidden")
    return html.Span(
        [
            link(["Ändra", hidden], edit(gor="moment", risk=risk.id, moment=control.id), className="more"),
            " ",
            link(["Ta bort", hidden], edit(gor="ta-bort", risk=risk.id, moment=control.id), className="more"),
        ]
    )


def _audit(risk: Risk, definitions: Mapping[str, Definition]) -> html.Details | None:
    known = [definitions[one] for control in risk.controls for one in control.kpis if one in definitions]
    if not known:
        return None
    lines = [
        html.Li([html.Strong(f"{one.name}. "), f"{one.audit.gist} ({one.audit.report}, {one.audit.section})"])
        for one in known
    ]
    return html.Details(
        [html.Summary("Vad revisionen sade om det som nyckeltalen mäter"), html.Ul(lines)], className="plan-details"
    )
