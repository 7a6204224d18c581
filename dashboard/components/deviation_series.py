"""Series of deviations that recur at a board's units: what they are, and closing one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from control.series import OpenSeries, named
from dashboard.components.attributes import aria
from dashboard.components.form_fields import choice, form_of, lines
from dashboard.components.link import address, link
from kpi import format as text
from kpi.recurring import WINDOW

CLOSE, ABOUT_ID = "series-close", "series-about"
_HEADING = "aterkommande-avvikelser"


def key_of(one: OpenSeries) -> str:
    """The series in an address."""
    return "/".join((one.sort.unit_code, one.sort.category, one.sort.counterpart))


def series_section(found: Sequence[OpenSeries], board_code: str, path: str, chosen: str) -> html.Section | None:
    """The series; `path`: the page's address, `chosen`: the key of the one whose form is open. None without any."""
    if not found:
        return None
    items = [_item(one, board_code, path, is_open=one.may_close and key_of(one) == chosen) for one in found]
    return html.Section(
        [
            html.H2("Återkommande avvikelser", id=_HEADING),
            html.P(
                "Samma slags avvikelse med samma motpart tyder på att det förra svaret inte hjälpte. En serie avslutas "
                "med en åtgärd, eller med skälet till att ingen behövs.",
                className="muted panel-lead",
            ),
            html.Ul(items, className="plain-list"),
        ],
        className="section",
        **aria(labelledby=_HEADING),
    )


def _item(one: OpenSeries, board_code: str, path: str, *, is_open: bool) -> html.Li:
    many = f" {text.plural(one.count, 'avvikelse', 'avvikelser')}." if one.count is not None else ""
    last = text.month(one.months[-1])
    if one.is_faded:
        told = f"Har inte återkommit sedan {last}, men är inte avslutad.{many}"
    else:
        months = f"{' av '.join(text.counts(len(one.months), WINDOW, is_common=True))} månader"
        told = f"Rapporterad i {months}, senast i {last}.{many}"
    children: list[Any] = [html.Strong(f"{one.unit.name}: {named(one.sort)}"), html.P(told)]
    if one.has_own_action:
        own = one.actions[0]
        children.append(html.P(["Åtgärd: ", link(own.what, f"/atgarder/{own.number}"), f" ({own.status.words})."]))
    if is_open:
        return html.Li([*children, _form(one, board_code)])
    if one.may_close:
        start = address(path, enhet=one.sort.unit_code, ny="1", ursprung="avvikelser", serie=named(one.sort))
        close = address(path, enhet=board_code, avsluta=key_of(one))
        children.append(
            html.P(
                [link("Starta åtgärd", start, className="more"), " ", link("Avsluta serien", close, className="more")]
            )
        )
    return html.Li(children)


def _form(one: OpenSeries, board_code: str) -> html.Div:
    about: dict[str, Any] = {
        "board": board_code, "unit": one.sort.unit_code, "category": one.sort.category,
        "counterpart": one.sort.counterpart, "until": str(one.months[-1]),
        **({"follows": one.follows} if one.follows is not None else {}),
    }  # fmt: skip
    actions = [("", "Ingen åtgärd"), *((str(each.number), each.what) for each in one.actions)]
    fields = [
        dcc.Store(id=ABOUT_ID, data=about),
        choice(CLOSE, "action", "Åtgärden som svarar på serien", actions,
               str(one.actions[0].number) if one.has_own_action else ""),
        lines(CLOSE, "reason", "Skäl, om ingen åtgärd behövs",
              help_="Skriv inget som pekar ut ett barn, en förälder eller en anställd."),
    ]  # fmt: skip
    return form_of(CLOSE, fields, "Avsluta serien", is_main=True)
