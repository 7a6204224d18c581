"""Each side's answer to a question: what is judged, why, on what, by whom, and what was judged before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import html

from control.assessments.disagreement import disagreement
from control.assessments.evidence import Reference
from control.assessments.reading import Assessment, View
from control.assessments.scales import Subject, level
from dashboard import texts
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import link
from kpi import format as text
from kpi.access import Role

CONFIRM_TYPE = "assessment-confirm"


@dataclass(frozen=True)
class Shown:
    """What the cards need beside the views. `name_of`: a view's side in words; `form_at`: the address of the form, None
    for who may not sign; `may_confirm`: whether the viewer is the second person that an assessment waits for;
    `references`: the evidence by the assessments' numbers."""

    name_of: Callable[[View], str]
    form_at: Callable[[View], str | None]
    may_confirm: Callable[[Assessment], bool]
    references: Mapping[int, tuple[Reference, ...]]


def heading(subject: Subject) -> str:
    """`2. Är ansvaret mellan kommun och region tydligt?`"""
    if subject.question is None:
        return "Hur mogen är samverkan kring barn?"
    return f"{subject.question}. {texts.AUDIT_QUESTIONS[subject.question]}"


def subject_section(subject: Subject, views: Sequence[View], shown: Shown) -> html.Section:
    """The sides beside each other, with the disagreement in words."""
    differs = disagreement(views, subject)
    return html.Section(
        [
            html.H2(heading(subject), id=subject.value),
            *([html.P(html.Strong(differs, className="off"), className="panel-lead")] if differs else []),
            html.Div([_card(one, shown) for one in views if one.subject is subject], className="cards"),
        ],
        className="section",
    )


def answer(subject: Subject, grade: int) -> str:
    """`Till viss del`, `3 Fastställd`: as it stands on its own."""
    found = level(subject, grade)
    return f"{grade} {found.name}" if subject is Subject.MATURITY else found.name


def _card(view: View, shown: Shown) -> html.Article:
    children: list[Any] = [html.H3(text.capital(shown.name_of(view)))]
    if view.current is not None:
        children += _judged(view.current, shown)
    if view.waiting is not None:
        children.append(_waiting(view.waiting, shown))
    if view.newest is None:
        children.append(states.empty("Inte bedömt för tertialet."))
    if view.previous is not None:
        before = f"{text.capital(text.month(view.previous.period))}: {answer(view.subject, view.previous.grade)}."
        children.append(html.P(before, className="muted small"))
    if view.earlier:
        children.append(_earlier(view, shown))
    at = shown.form_at(view)
    if at is not None:
        words = "Gör en ny bedömning" if view.newest is not None else "Bedöm"
        about = html.Span(f" av {view.subject.words} för {shown.name_of(view)}", className="visually-hidden")
        children.append(link([words, about, " →"], at, className="more"))
    return html.Article(children, className="card assessment")


def _judged(one: Assessment, shown: Shown) -> list[Any]:
    is_maturity = one.subject is Subject.MATURITY
    description = html.P(level(one.subject, one.grade).description, className="small") if is_maturity else None
    return [
        html.P(answer(one.subject, one.grade), className="answer"),
        *([description] if description is not None else []),
        html.P(one.motivation, className="motivation"),
        _evidence(one, shown.references.get(one.number, ())),
        html.P(_people(one), className="muted small"),
    ]


def _evidence(one: Assessment, found: Sequence[Reference]) -> Any:
    """What it rests on; also what has been added to it afterwards."""
    if not found:
        words = "Utan underlag." if one.is_without_evidence else "Underlaget visas inte här."
        return html.P(words, className="small")
    items = [html.Li([_where(each), f", {text.day(each.on)}"]) for each in found]
    return html.Div([html.P("Underlag:", className="small"), html.Ul(items, className="plain-list small")])


def _where(found: Reference) -> Any:
    if found.is_link:
        return html.A(found.label, href=found.where, rel="noopener noreferrer")
    return f"{found.label} ({found.where})"


def _people(one: Assessment) -> str:
    signed = f"Undertecknad av {_who(one.signed_by, one.signed_role)} {text.local_day(one.signed_at)}."
    if one.confirmed_at is None:
        return signed
    confirmed = _who(one.confirmed_by or "", one.confirmed_role)
    return f"{signed} Bekräftad av {confirmed} {text.local_day(one.confirmed_at)}."


def _who(name: str, role: Role | None) -> str:
    """The name with the role by which it was done, where the name does not say it."""
    told = texts.ROLES.get(role.value, "") if role is not None else ""
    return name if not told or name.casefold().startswith(told.casefold()) else f"{name} ({told.lower()})"


def _waiting(one: Assessment, shown: Shown) -> html.Div:
    children: list[Any] = [html.P(html.Strong("Väntar på en andra person"), className="small"), *_judged(one, shown)]
    if shown.may_confirm(one):
        about = html.Span(f" bedömningen av {one.subject.words} från {one.signed_by}",
                          className="visually-hidden")  # fmt: skip
        button = dmc.Button(
            ["Bekräfta", about], id={"type": CONFIRM_TYPE, "number": one.number}, variant="default", size="sm"
        )
        children.append(html.Div(button, className="decide"))
    return html.Div(children, className="waits")


def _earlier(view: View, shown: Shown) -> html.Details:
    columns = [Column("Tertial"), Column("Svar"), Column("Motivering"), Column("Av")]
    rows = [
        [
            text.capital(text.month(one.period)),
            answer(one.subject, one.grade),
            one.motivation,
            _people(one) if one.is_confirmed else f"{_people(one)} Bekräftades aldrig.",
        ]
        for one in view.earlier
    ]
    caption = f"Tidigare bedömningar av {view.subject.words}: {shown.name_of(view)}"
    summary = f"Tidigare bedömningar ({len(rows)})"
    return html.Details([html.Summary(summary), data_table(caption, columns, rows)], className="twin")
