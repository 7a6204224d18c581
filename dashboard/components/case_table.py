"""The rows behind the figures as a table, each dataset in its own columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from dash import html

from dashboard import case_words as words
from dashboard import texts
from dashboard.components.data_table import Column, data_table
from kpi import format as text
from kpi.code_words import PARTS
from kpi.views.case_rows import Case, Deviation, Plan, Referral

_COLUMNS = {
    "deviations": (
        "Avvikelse", "Enhet", "Rapporterad", "Vad", "Rapporterad av → motpart", "Återkoppling", "Åtgärd beslutad",
        "Effekt bedömd", "Avslutad",
    ),
    "sips": (
        "SIP", "Enhet", "Initierad", "Samtycke", "Kallelse", "Möte och barnets röst", "Huvudansvar", "Uppföljning",
        "Utvärderad", "Avslutad",
    ),
    "referrals": ("Hänvisning", "Enhet", "Hänvisad", "Från → till", "Mottagen", "Första kontakt", "Utfall"),
}  # fmt: skip


def columns_of(dataset: str) -> list[Column]:
    """The headings of a dataset's table."""
    return [Column(heading) for heading in _COLUMNS[dataset]]


def case_table(dataset: str, caption: str, rows: Sequence[Case], name: Callable[[Case], Any]) -> html.Div:
    """A row for each case; `name`: its first cell."""
    return data_table(caption, columns_of(dataset), [[name(one), *cells_of(one)[1:]] for one in rows])


def cells_of(case: Case) -> list[Any]:
    """The case's cells, in the order of its dataset's columns."""
    _, key = case.key
    return [key, case.unit.name if case.unit else "okänd enhet", *_cells(case.row)]


def _cells(row: Deviation | Plan | Referral) -> list[Any]:
    if isinstance(row, Deviation):
        return _deviation(row)
    return _plan(row) if isinstance(row, Plan) else _referral(row)


def _deviation(row: Deviation) -> list[Any]:
    severity = words.part("severity", row.severity)
    level = words.part("level", row.level)
    return [
        _day(row.reported_on, f"inträffade {_short(row.occurred_on)}" if row.occurred_on else None),
        _with(
            text.capital(PARTS["category"].get(row.category, row.category)),
            f"allvarlighet {severity}" if severity else None,
            f"rör {row.sip_id}" if row.sip_id else None,
        ),
        _flow(row.reporting_actor, row.counterpart_actor),
        _day(row.feedback_on),
        _day(row.action_decided_on, f"av {level}" if level else None),
        _day(row.effect_assessed_on, words.EFFECTS.get(row.effect or "")),
        _day(row.closed_on),
    ]


def _plan(row: Plan) -> list[Any]:
    followed = f"gjord {_short(row.followed_up_on)}" if row.followed_up_on else None
    agreed = f"avtalad till {_short(row.agreed_follow_up_on)}" if row.agreed_follow_up_on else None
    goal = words.part("goal_attainment", row.goal_attainment)
    lead = words.part("principal", row.lead_principal)
    return [
        _day(row.initiated_on, f"av {texts.actor(row.initiator_actor)}"),
        text.capital(words.part("consent", row.consent) or ""),
        _day(row.called_on, f"av {texts.actor(row.calling_actor)}" if row.calling_actor else None),
        _day(row.met_on, words.part("child_voice", row.child_voice)),
        _with(
            text.capital(lead) if lead else _missing(),
            "samordnare utsedd" if row.coordinator_named else "ingen samordnare",
        ),
        _with(text.capital(followed or "inte gjord"), agreed) if followed or agreed else _missing(),
        _day(row.evaluated_on, f"mål nådda: {goal}" if goal else None),
        _day(row.closed_on, words.CLOSED.get(row.closed_reason or "")),
    ]


def _referral(row: Referral) -> list[Any]:
    outcome = words.part("outcome", row.outcome)
    return [
        _day(row.referred_on),
        _flow(row.from_actor, row.to_actor),
        _day(row.received_on),
        _day(row.first_contact_on),
        text.capital(outcome) if outcome else _missing(),
    ]


def _day(day: date | None, *more: str | None) -> Any:
    return _with(_short(day), *more) if day else _missing()


def _short(day: date) -> str:
    return text.day(day, short=True)


def _with(first: Any, *more: str | None) -> list[Any]:
    return [first, *(html.Small(one) for one in more if one)]


def _flow(one: str, other: str) -> str:
    return f"{text.capital(texts.actor(one))} → {texts.actor(other)}"


def _missing() -> html.Span:
    return html.Span("saknas", className="muted")
