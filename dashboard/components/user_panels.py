"""Who is logged in, what programs have a key, and what is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import html

from control.login.administration import name_of
from control.login.sessions import Session
from control.login.tokens import ServiceToken
from dashboard import texts
from dashboard.components import states
from dashboard.components.data_table import Column, data_table
from kpi import format as text
from kpi.access import Grant
from warehouse.login_settings import GrantSetting

END_TYPE, WITHDRAW_TYPE = "end-user", "withdraw-token"


def lead(sessions: Sequence[Session], tokens: Sequence[ServiceToken], now: datetime, *, is_demo: bool) -> html.P:
    """How many have a way in."""
    if is_demo:
        return html.P("I demon loggar ingen in: rollen väljs uppe till höger.", className="lead")
    users = len({one.subject_hash for one in sessions})
    valid = [one for one in tokens if one.is_valid(now)]
    who = "Ingen är inloggad" if not users else text.capital(text.plural(users, "användare är", "användare är"))
    pieces = [f"{who}{' inloggade' if users > 1 else ' inloggad' if users else ''}"]
    pieces.append(text.plural(len(valid), "nyckel för program gäller", "nycklar för program gäller") if valid else "")
    return html.P(" och ".join(one for one in pieces if one) + ".", className="lead")


def session_section(sessions: Sequence[Session]) -> html.Section:
    """The sessions that stand, each with a way to end them all for its user."""
    if not sessions:
        content: Any = states.empty("Ingen är inloggad just nu.")
    else:
        columns = [Column("Användare"), Column("Behörighet"), Column("Inloggad"), Column("Senast här"), Column("")]
        rows = [
            [
                one.viewer.user,
                _grants(one.viewer.grants),
                text.moment(one.opened_at),
                text.moment(one.last_seen_at),
                dmc.Button(
                    f"Logga ut {one.viewer.user}",
                    id={"type": END_TYPE, "user": name_of(one)},
                    variant="default",
                    size="xs",
                ),
            ]
            for one in sessions
        ]
        content = data_table("Inloggade användare", columns, rows)
    return html.Section([html.H2("Inloggade"), content], className="section")


def token_section(tokens: Sequence[ServiceToken], now: datetime) -> html.Section:
    """The keys of programs; never what they are."""
    if not tokens:
        content: Any = states.empty("Inget program har någon nyckel. En nyckel skapas med ”samkoll token create”.")
    else:
        columns = [Column("Nyckel"), Column("Läser som"), Column("Gäller till"), Column("Senast använd"), Column("")]
        content = data_table("Nycklar för program", columns, [_token(one, now) for one in tokens])
    return html.Section([html.H2("Nycklar för program"), content], className="section")


def _token(one: ServiceToken, now: datetime) -> list[Any]:
    standing: Any = dmc.Button(
        f"Dra in {one.name}", id={"type": WITHDRAW_TYPE, "token": one.token_no}, variant="default", size="xs"
    )
    if one.revoked_at is not None:
        standing = f"Indragen {text.moment(one.revoked_at)}"
    elif not one.is_valid(now):
        standing = "Har gått ut"
    used = text.moment(one.last_used_at) if one.last_used_at else "Aldrig"
    return [one.name, _grants(one.grants), text.moment(one.expires_at), used, standing]


def mapping_section(mapping: Sequence[GrantSetting]) -> html.Section:
    """Which group of the identity provider gives what. It is changed in the settings file."""
    if not mapping:
        content: Any = states.empty("Ingen inloggning är inställd: här är demon.")
    else:
        columns = [Column("Grupp"), Column("Roll"), Column("Kommun"), Column("Nämnder, enheter, verksamheter")]
        rows: list[list[Any]] = [
            [
                one.claim_value,
                texts.ROLES.get(one.role, one.role),
                one.municipality,
                ", ".join((*one.boards, *one.units, *one.branches)) or "Hela kommunen",
            ]
            for one in mapping
        ]
        content = data_table("Grupper och roller", columns, rows)
    about = "Vem som är med i en grupp bestäms i kommunens inloggningstjänst. Vad gruppen får står i inställningsfilen."
    return html.Section(
        [html.H2("Grupper och roller"), html.P(about, className="muted panel-lead"), content], className="section"
    )


def settings_section(told: Mapping[str, str]) -> html.Section:
    """Every setting, the secret ones only as set or not."""
    rows: list[list[Any]] = [[html.Code(name), value] for name, value in told.items()]
    content = data_table("Inställningar", [Column("Inställning"), Column("Värde")], rows)
    return html.Section([html.H2("Inställningar"), content], className="section")


def _grants(grants: Sequence[Grant]) -> str:
    return "; ".join(
        f"{texts.ROLES.get(one.role.value, one.role.value)} i {one.municipality_code}"
        + (f" ({', '.join(sorted(one.boards | one.units))})" if one.boards or one.units else "")
        for one in grants
    )
