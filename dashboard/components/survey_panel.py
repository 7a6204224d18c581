"""What people answer, group beside group, and what reviews of plans found. From the inside only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from dash import html

from dashboard import texts
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from dashboard.components.graph import graph
from dashboard.components.link import address, link
from dashboard.figures.answers import answers
from kpi import format as text
from kpi.definition import Definition
from kpi.period import Period
from kpi.views.reviews import CONTENTS, Reviewed
from kpi.views.surveys import ANSWERS, Group, Question, Survey

Figures = Callable[[str], Sequence[Definition]]
"""The figures that count the answers to a question, of those that the viewer reads."""
FEW = "få svar"
_ABOUT = (
    "Alla svar räknas, även ”vet ej”. Under tio svar säger lite och är märkt ”få svar”; utanför nämnden visas det "
    "inte. Enkäterna levereras utan fritext."
)


def survey_section(
    board: Survey | None, families: Survey | None, at_board: tuple[str, Figures], at_municipality: tuple[str, Figures]
) -> html.Section:
    """The board's own survey, then what children and guardians answered; for each the place's code and its figures."""
    content: list[Any] = [html.H2("Enkäter")]
    if board is None and families is None:
        content.append(states.empty("Inga enkätsvar är levererade för nämnden till och med tertialet."))
        return html.Section(content, className="section")
    content += [html.P(_ABOUT, className="muted panel-lead"), _key()]
    if board is not None:
        content += _survey(f"Nämndens ledamöter och personal {board.year}", board, "board", *at_board)
    if families is not None:
        content += _survey(
            f"Barn och vårdnadshavare i kommunen {families.year}", families, "families", *at_municipality
        )
    return html.Section(content, className="section")


def _survey(title: str, survey: Survey, name: str, place_code: str, figures: Figures) -> list[Any]:
    panels = [
        _question(one, f"{name}-{one.code}", figure_links(figures(one.code), place_code)) for one in survey.questions
    ]
    return [html.H3(title), html.Div(panels, className="surveys")]


def _key() -> html.Ul:
    """Which shade is which answer."""
    words = [text.capital(texts.PARTS["answer"][answer]) for answer in ANSWERS]
    return html.Ul(
        [html.Li([html.Span(className=f"shade shade-{at}"), word]) for at, word in enumerate(words)], className="shades"
    )


def statement(code: str) -> str:
    """What was asked, in words."""
    return texts.SURVEY_QUESTIONS.get(code, code)


def group_words(group: Group) -> str:
    """`Personal: 52 svar`, `Nämndens ledamöter: 9 svar (få svar)`."""
    words = f"{text.capital(texts.RESPONDENTS[group.respondents])}: {text.number(group.total)} svar"
    return f"{words} ({FEW})" if group.is_small else words


def gap_words(question: Question) -> str | None:
    """How far the board's members and the staff lie from each other; None unless both were asked."""
    if question.gap is None:
        return None
    few = ", men svaren är få" if question.is_small else ""
    size = text.points(question.gap)
    if text.signed_points(question.gap) == text.signed_points(0):
        return f"Lika stor andel av nämndens ledamöter och av personalen svarar ”i stor utsträckning”{few}."
    more = "större" if question.gap > 0 else "mindre"
    return (
        f"Andelen som svarar ”i stor utsträckning” är {size} {more} bland nämndens ledamöter än bland personalen{few}."
    )


def figure_links(figures: Sequence[Definition], place_code: str) -> list[html.P]:
    """The way on to each figure that rests on what is shown."""
    return [
        html.P(["Nyckeltal: ", link(one.name, address(f"/nyckeltal/{one.id}", enhet=place_code))], className="small")
        for one in figures
    ]


def _question(question: Question, name: str, links: Sequence[html.P]) -> html.Div:
    title = statement(question.code)
    words = [texts.PARTS["answer"][answer] for answer in ANSWERS]
    columns = [Column("Grupp"), *(Column(text.capital(one), is_number=True) for one in words)]
    columns.append(Column("Svar i allt", is_number=True))
    rows = [
        [
            [text.capital(texts.RESPONDENTS[one.respondents]), *([html.Small(FEW)] if one.is_small else [])],
            *(f"{text.number(count)} ({text.percent(share)})"
              for count, share in zip(one.counts, one.shares, strict=True)),
            text.number(one.total),
        ]
        for one in question.groups
    ]  # fmt: skip
    gap = gap_words(question)
    names = [group_words(one) for one in question.groups]
    return html.Div(
        [
            html.H4(title),
            *([html.P(gap)] if gap else []),
            graph(
                name,
                partial(answers, question, names),
                ["Andel av svaren i varje grupp."],
                _alternative(question),
                data_table(title, columns, rows),
                explained="Stapeldiagram",
            ),
            *links,
        ],
        className="panel",
    )


def _alternative(question: Question) -> str:
    told = [
        f"{group_words(one)}, "
        + ", ".join(
            f"{texts.PARTS['answer'][answer]} {text.percent(share)}"
            for answer, share in zip(ANSWERS, one.shares, strict=True)
        )
        for one in question.groups
    ]
    return f"Stapeldiagram. {'. '.join(told)}."


def review_section(found: Reviewed, period: Period, links: Sequence[html.P]) -> html.Section:
    """How many of the plans reviewed hold each of the law's four contents. `links`: to the figures that count them."""
    title = f"Granskade planer (SIP), {text.month(period)}"
    if not found.total:
        return html.Section(
            [html.H2(title), states.empty("Inga planer är granskade i stickprov under tertialet.")], className="section"
        )
    rows = [[text.capital(texts.REVIEWED_CONTENTS[name]), _of(found.holding[name], found.total)] for name in CONTENTS]
    rows.append(["Alla fyra", _of(found.lawful, found.total)])
    lead = f"{text.capital(_of(found.lawful, found.total))} granskade planer har lagens fyra uppgifter."
    table = data_table(title, [Column("Planen säger"), Column("Planer", is_number=True)], rows)
    note = "Talen gäller stickprovet, inte alla planer."
    return html.Section(
        [html.H2(title), html.P(lead, className="panel-lead"), table, html.P(note, className="muted small"), *links],
        className="section",
    )


def _of(count: int, total: int) -> str:
    return f"{text.number(count)} av {text.number(total)}"
