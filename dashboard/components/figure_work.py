"""What people do about a figure: comments, actions under way, and the way to start one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import dcc, html

from control.actions.content import BoardAction, Status
from control.remarks import Remark, RemarkKind, is_red, latest, without_answer
from dashboard import action_words
from dashboard.components.action_table import ADDRESS
from dashboard.components.form_fields import form_of, lines
from dashboard.components.link import address, link
from kpi import format as text
from kpi.views.rows import FigureRow

_ABOUT = {
    RemarkKind.COMMENT: ("Kommentera perioden", "Spara kommentaren"),
    RemarkKind.NO_ACTION: ("Skriv varför det inte behövs någon åtgärd", "Spara skälet"),
    RemarkKind.COUNTERPART: ("Skriv vad motparten säger", "Spara motpartens kommentar"),
}
_DEVIATIONS = ("deviation_recurring", "deviations_")


def form_name(kind: RemarkKind) -> str:
    """What the form of a kind of remark is called in the browser."""
    return f"remark-{kind.value.replace('_', '-')}"


def about_id(kind: RemarkKind) -> str:
    """Where the page keeps what the form is about."""
    return f"{form_name(kind)}-about"


def figure_work(
    row: FigureRow,
    board_code: str,
    actions: Sequence[BoardAction],
    remarks: Sequence[Remark],
    today: date,
    *,
    may_comment: bool,
    may_act: bool,
) -> html.Section:
    """The panel. `actions` and `remarks` are the board's about this figure."""
    period = row.current.last
    said = [one for one in latest(remarks) if one.period == period]
    children: list[Any] = [html.H2("Kommentarer och åtgärder"), *(_remark(one) for one in said)]
    if not said:
        earlier = latest(remarks)
        if earlier:
            children += [html.P(f"Ingen har kommenterat {text.month(period)} ännu. Senast skrevs:"),
                         _remark(earlier[0], with_period=True)]  # fmt: skip
        else:
            children.append(html.P("Ingen har kommenterat nyckeltalet ännu.", className="muted"))
    ongoing = [one for one in actions if one.is_ongoing]
    if not ongoing:
        children.append(html.P(_no_action(row, actions, remarks, may_comment=may_comment, may_act=may_act)))
    items = [
        html.Li([link(one.what, f"{ADDRESS}/{one.number}"), html.Small(_standing(one, today))])
        for one in sorted(actions, key=lambda one: (not one.is_ongoing, one.due_on))
        if one.status is not Status.CANCELLED
    ]
    if items:
        children.append(html.Ul(items, className="plain-list"))
    if may_act:
        origin = "avvikelser" if row.definition.id.startswith(_DEVIATIONS) else None
        href = address(ADDRESS, ny="1", nyckeltal=row.definition.id, enhet=row.unit.code, ursprung=origin)
        children.append(html.P(link("Starta en åtgärd", href, className="more")))
    if may_comment:
        children += [
            _form(kind, row, board_code, said) for kind in RemarkKind if _is_asked(kind, row, has_action=bool(ongoing))
        ]
    return html.Section(children, className="panel")


def _standing(one: BoardAction, today: date) -> str:
    if not one.is_ongoing:
        return f"{action_words.status(one, today)}; effekt: {action_words.effect(one)}"
    return f"{action_words.status(one, today)}, {one.responsible}, klar senast {text.day(one.due_on)}"


def _no_action(
    row: FigureRow, actions: Sequence[BoardAction], remarks: Sequence[Remark], *, may_comment: bool, may_act: bool
) -> str:
    """Asks for no more than the reader can do."""
    if not without_answer([row], actions, remarks):
        return "Ingen åtgärd pågår."
    asked = [*(["starta en åtgärd"] if may_act else []), *(["skriv varför ingen behövs"] if may_comment else [])]
    if not asked:
        return "Förvaltningen har inte svarat med någon åtgärd eller något skäl."
    return f"Ingen åtgärd pågår. {text.capital(', eller '.join(asked))} innan perioden stängs."


def _is_asked(kind: RemarkKind, row: FigureRow, *, has_action: bool) -> bool:
    if kind is RemarkKind.NO_ACTION:
        return not has_action and (is_red(row) or row.definition.id.startswith(_DEVIATIONS))
    return kind is RemarkKind.COMMENT or row.definition.control == "counterpart"


def _remark(one: Remark, *, with_period: bool = False) -> html.Div:
    when = f" om {text.month(one.period)}" if with_period else ""
    corrected = ", rättad" if one.follows is not None else ""
    return html.Div(
        [
            html.Strong(f"{one.kind.words}{when}"),
            html.P(one.text, className="written"),
            html.Small(f"{text.moment(one.at)}, {one.by}{corrected}"),
        ],
        className="remark",
    )


def _form(kind: RemarkKind, row: FigureRow, board_code: str, said: Sequence[Remark]) -> html.Details:
    title, button = _ABOUT[kind]
    standing = next((one for one in said if one.kind is kind), None)
    about: dict[str, str | int] = {"board": board_code, "kpi": row.definition.id, "period": str(row.current.last)}
    if standing is not None:
        title, about = f"Rätta: {title.lower()}", about | {"seen": standing.number}
    field = lines(
        form_name(kind), "text", kind.words, standing.text if standing else "",
        f"Gäller {text.month(row.current.last)}. Skriv inget som pekar ut ett barn eller en förälder.",
    )  # fmt: skip
    store = dcc.Store(id=about_id(kind), data=about)
    return html.Details([html.Summary(title), store, form_of(form_name(kind), [field], button)], className="work")
