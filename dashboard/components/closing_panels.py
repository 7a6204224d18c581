"""Parts of Stängning: what to do first, the check list, the closing or correction, and what has been closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from control.release.check_list import Check, CheckList, Matter, PeriodState
from dashboard import texts
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from dashboard.components.link import address, link
from kpi import format as text
from kpi.period import Period, PeriodType
from kpi.views.jobs import ClosingRequest

CLOSE_ID, REASON_ID, CHOSEN_ID, RESULT_ID = "closing-close", "closing-reason", "closing-chosen", "closing-result"
RULE_ID, RULE_SEEN_ID, RULE_SAVE_ID = "closing-rule", "closing-rule-seen", "closing-rule-save"
POLL_ID, DONE_ID = "closing-poll", "closing-done"
_FINGERPRINT = 12
_NAMED = 5


def lead(found: CheckList) -> html.P:
    """What stands with the next closing, first."""
    chosen = found.chosen
    if chosen is None:
        return html.P("Det finns inget att stänga ännu: inga leveranser har kommit för kommunen.", className="lead")
    if found.is_waiting:
        waiting = next(one for one in found.requests if one.is_waiting)
        return html.P(f"{text.capital(text.month(waiting.period))} stängs. Det tar någon minut.", className="lead")
    name = text.month(chosen.period)
    if chosen.is_closed:
        newest = found.periods[0]
        if newest.is_closed and chosen == newest:
            return html.P(f"Alla perioder är stängda, till och med {name}.", className="lead")
        return html.P(f"{text.capital(name)} är stängd.", className="lead")
    if not found.left:
        return html.P(
            [html.Strong(f"{text.capital(name)} kan stängas."), " Allt i checklistan är klart."], className="lead"
        )
    left = ", ".join(_WORDS[one.matter].short for one in found.left)
    return html.P(
        [
            html.Strong(f"Innan {name} stängs återstår", className="off"),
            f": {left}. {_LEFT_SAID if _unanswered(found) else _LEFT}",
        ],
        className="lead",
    )


_LEFT = "Perioden kan stängas ändå; det som återstår sparas i loggen."
_LEFT_SAID = "Röda nyckeltal ska ha en åtgärd eller ett skäl; det andra hindrar inte och sparas i loggen."


def _unanswered(found: CheckList) -> tuple[str, ...]:
    """The names of the red figures that have neither an action nor a reason for none."""
    return next((one.names for one in found.left if one.matter is Matter.REMARKS), ())


class _Words:
    def __init__(self, heading: str, done: str, short: str) -> None:
        self.heading, self.done, self.short = heading, done, short


_WORDS = {
    Matter.DELIVERIES: _Words(
        "Leveranserna är kompletta", "Alla nyckeltals leveranser når periodens slut.", "leveranser som saknas"
    ),
    Matter.HOLDS: _Words("Inget väntar på beslut", "Ingen leverans är stoppad.", "leveranser som väntar på beslut"),
    Matter.REJECTS: _Words("Avvisade rader är hanterade", "Inga rader ligger i karantän.", "rader i karantän"),
    Matter.REMARKS: _Words(
        "Röda nyckeltal har en åtgärd eller ett skäl",
        "Varje rött nyckeltal har en åtgärd, eller ett skäl till att ingen behövs.",
        "röda nyckeltal utan åtgärd och skäl",
    ),
}


def checks_section(found: CheckList) -> html.Section | None:
    """The check list of the chosen period; None when there is no period, or it is closed."""
    if found.chosen is None or found.chosen.is_closed:
        return None
    heading = f"Checklista för {text.month(found.chosen.period)}"
    items = [_check(one, found) for one in found.checks]
    return html.Section([html.H2(heading), html.Ul(items, className="plain-list checks")], className="section")


def _check(one: Check, found: CheckList) -> html.Li:
    told = _WORDS[one.matter]
    state = "reaches" if one.is_done else "near"
    mark = html.Span("Klart" if one.is_done else "Återstår", className=f"status status-{state}")
    said = [told.done] if one.is_done else _left(one, found)
    return html.Li([mark, " ", html.Strong(told.heading), html.P(said, className="muted small")])


def _left(one: Check, found: CheckList) -> list[Any]:
    named = ", ".join(one.names[:_NAMED])
    more = f" och {text.count_word(one.count - _NAMED)} till" if one.count > _NAMED else ""
    match one.matter:
        case Matter.DELIVERIES:
            many = text.plural(one.count, "nyckeltal", "nyckeltal")
            return [
                f"{many} saknar uppgifter för hela perioden: {named}{more}. ",
                link("Se leveranserna", "/leveranser"),
            ]
        case Matter.HOLDS:
            many = text.plural(one.count, "leverans väntar", "leveranser väntar")
            return [f"{many} på controllerns beslut. ", link("Besluta om dem", "/leveranser")]
        case Matter.REJECTS:
            many = text.plural(one.count, "rad", "rader")
            return [f"{many} väntar på rättning hos källan. ", link("Se raderna", "/leveranser")]
        case Matter.REMARKS:
            words = f"{named}{more}. Starta en åtgärd eller skriv skälet på nyckeltalets sida, eller här nedanför. "
            assert found.chosen is not None, "only a period has checks"
            month = Period.containing(found.chosen.period.last_day, PeriodType.MONTH)
            return [words, link("Se nyckeltalen", address("/", enhet=found.board.code, manad=str(month)))]


def close_section(found: CheckList, *, may_close: bool) -> html.Section | None:
    """The button, or for a closed period the form to correct it; for others who closes."""
    chosen = found.chosen
    if chosen is None or found.is_waiting:
        return None
    if not may_close:
        if chosen.is_closed:
            return None
        return html.Section(html.P("Perioden stängs av nämndens controller.", className="muted"), className="section")
    name = text.month(chosen.period)
    if chosen.is_closed:
        heading, button = f"Rätta {name}", "Rätta perioden"
        about = (
            "Har uppgifter ändrats eller skrivits sedan stängningen kan perioden rättas. Det som har släppts står "
            "kvar, och det rättade släpps vid sidan av det med sitt skäl."
        )
        field: list[Any] = [dmc.Textarea(id=REASON_ID, label="Varför rättas perioden?", autosize=True, minRows=2)]
    else:
        heading, button = f"Stäng {name}", "Stäng perioden"
        about = (
            "När perioden stängs fryses värdena, målen och kommentarerna, och det som får visas utanför nämnden "
            "släpps. Rapporterna görs av det som frystes."
        )
        field = [_reason(_unanswered(found))]
    return html.Section(
        [
            html.H2(heading),
            html.P(about, className="muted panel-lead"),
            *field,
            dcc.Store(id=CHOSEN_ID, data={"board": found.board.code, "period": str(chosen.period)}),
            html.Div(dmc.Button(button, id=CLOSE_ID, variant="filled", size="sm"), className="decide"),
            html.Div(id=RESULT_ID, role="status", **aria(live="polite")),
        ],
        className="section",
    )


def _reason(names: Sequence[str]) -> Any:
    """Where the red figures' reason is written; nowhere to write where all of them are answered for."""
    if not names:
        return dcc.Store(id=REASON_ID, data="")
    many = "Det sparas som skälet" if len(names) == 1 else "Det sparas som skälet för vart och ett av dem"
    return dmc.Textarea(
        id=REASON_ID,
        label="Varför har de röda nyckeltalen ingen åtgärd?",
        description=f"Gäller {'; '.join(names)}. {many} och står i handlingarna.",
        autosize=True,
        minRows=2,
        maw=720,
    )


def requests_section(requests: Sequence[ClosingRequest]) -> html.Section | None:
    """What the scheduler was asked to close, and what came of it."""
    if not requests:
        return None
    columns = [Column("Period"), Column("Begärt"), Column("Av"), Column("Läge")]
    rows = [
        [
            text.capital(text.month(one.period)) + (", rättelse" if one.reason else ""),
            text.moment(one.asked_at),
            one.asked_by,
            [texts.REQUEST_STATES.get(one.state, one.state), *([html.Small(one.message)] if one.message else [])],
        ]
        for one in requests
    ]
    return html.Section([html.H2("Begäranden"), data_table("Begärda stängningar", columns, rows)], className="section")


def periods_section(found: CheckList) -> html.Section:
    """Every period, closed or not, the newest first."""
    heading = html.H2("Perioder")
    if not found.periods:
        return html.Section([heading, states.empty("Ingen period har tagit slut sedan den första leveransen.")])
    columns = [Column("Period"), Column("Läge"), Column("Stängd"), Column("Rättelser"), Column("Fingeravtryck")]
    rows = [_period(one, found) for one in found.periods]
    return html.Section([heading, data_table("Nämndens perioder", columns, rows)], className="section")


def _period(one: PeriodState, found: CheckList) -> list[Any]:
    href = address("/stangning", enhet=found.board.code, period=str(one.period))
    name: Any = link(text.capital(text.month(one.period)), href)
    if found.chosen is not None and one.period == found.chosen.period:
        name = html.Strong(text.capital(text.month(one.period)))
    if not one.closings:
        first_closed = min((each.period for each in found.periods if each.is_closed), default=one.period)
        return [name, "Öppen" if one.period >= first_closed else "Före den första stängningen", "", "", ""]
    first, newest = one.closings[0], one.closings[-1]
    corrections = [
        html.Li(f"{text.local_day(each.header.closed_at)}: {each.header.reason}") for each in one.closings[1:]
    ]
    return [
        name,
        "Stängd",
        [text.local_day(first.header.closed_at), html.Small(f"av {first.header.closed_by}")],
        html.Ul(corrections, className="plain-list") if corrections else "Inga",
        html.Code(newest.content_hash[:_FINGERPRINT]),
    ]


_EVERY = {"month": "Månader", "quarter": "Kvartal", "tertial": "Tertial", "half_year": "Halvår"}


def rule_section(found: CheckList, *, may_close: bool) -> html.Section:
    """Which periods the board closes, and for the controller the choice."""
    told = (
        f"Nämnden stänger {_EVERY[found.decided.value].lower()}."
        if found.decided is not None
        else "Nämnden har inte bestämt vilka perioder den stänger. Tertial föreslås; den första stängningen avgör."
    )
    children: list[Any] = [html.H2("Vilka perioder nämnden stänger"), html.P(told)]
    if may_close:
        data = [{"value": code, "label": words} for code, words in _EVERY.items()]
        now = found.decided.value if found.decided else ""
        children += [
            dmc.Select(
                id=RULE_ID,
                label="Stäng från och med nu",
                data=data,
                value=now or None,
                placeholder="Välj",
                allowDeselect=False,
                w=220,
            ),
            dcc.Store(id=RULE_SEEN_ID, data={"board": found.board.code, "every": now}),
            html.Div(dmc.Button("Spara", id=RULE_SAVE_ID, variant="default", size="sm"), className="decide"),
        ]
    return html.Section(children, className="section")


def asked(period: Period, *, is_correction: bool) -> html.P:
    """That the closing, or the correction, has been asked for."""
    done = "rättas" if is_correction else "stängs"
    return html.P(
        f"Begäran är lämnad till schemaläggaren. {text.capital(text.month(period))} {done} inom någon minut, och sidan "
        "visar när det är klart.",
        className="notice",
    )
