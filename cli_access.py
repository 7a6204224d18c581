"""`samkoll token …`: what programs present to the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from terminal import AsJson, SwedishCommand, SwedishGroup, open_settings, print_json, print_table
from warehouse import clock
from warehouse.errors import UserError

if TYPE_CHECKING:
    from control.login.tokens import ServiceToken

app = typer.Typer(cls=SwedishGroup, rich_markup_mode=None, help="Token för program som läser ur API:et.")


@app.command("create", cls=SwedishCommand)
def create(
    name: Annotated[str, typer.Argument(metavar="NAMN", help="Vad som ska använda den.")],
    role: Annotated[str, typer.Option(metavar="ROLL", help="Rollen som den läser i, till exempel auditor.")],
    municipality: Annotated[str, typer.Option(metavar="KOD", help="Kommunens kod.")],
    days: Annotated[int, typer.Option(metavar="ANTAL", help="Så många dagar gäller den.")],
    board: Annotated[list[str] | None, typer.Option(metavar="KOD", help="Nämndens enhetskod; får upprepas.")] = None,
    unit: Annotated[list[str] | None, typer.Option(metavar="KOD", help="Bara dessa enheter; får upprepas.")] = None,
    branch: Annotated[
        list[str] | None, typer.Option(metavar="VERKSAMHET", help="Bara dessa verksamhetsgrenar; får upprepas.")
    ] = None,
) -> None:
    """Skapa en token. Den visas en gång och sparas bara som kontrollsumma."""
    from datetime import date

    from control.login.grants import parse_role
    from control.login.tokens import issue_token
    from kpi.access import OPERATOR, Grant
    from kpi.views.organisation import read_organisation
    from warehouse.contract import ACTORS
    from warehouse.database import reading
    from warehouse.opening import open_warehouse

    granted = parse_role(role, "--role")
    engine = open_warehouse(open_settings())
    with reading(engine) as connection:
        organisation = read_organisation(connection)
    boards = {one.code for one in organisation.boards() if one.municipality_code == municipality}
    unknown = sorted(set(board or ()) - boards)
    if unknown:
        known = ", ".join(sorted(boards)) or "inga"
        raise UserError(f"--board: {unknown[0]} är ingen nämnd i kommunen {municipality}. De som finns är: {known}.")
    for code in unit or ():
        if not {one.board_code for one in organisation.paths(code, date.min, date.max)} & set(board or ()):
            raise UserError(f"--unit: {code} är ingen enhet under nämnden. Ange också enhetens nämnd med --board.")
    for code in set(branch or ()) - set(ACTORS):
        raise UserError(f"--branch: {code} är ingen verksamhet. De som finns är: {', '.join(ACTORS)}.")
    grant = Grant(granted, municipality, frozenset(board or ()), frozenset(unit or ()), frozenset(branch or ()))
    number, token = issue_token(engine, OPERATOR, name, [grant], days)
    print(f"Token {number} gäller i {days} dagar. Spara den nu, den visas aldrig igen:")
    print(token)


@app.command("list", cls=SwedishCommand)
def show(as_json: AsJson = False) -> None:
    """Visa de token som finns, aldrig deras innehåll."""
    from control.login.tokens import list_tokens
    from warehouse.database import reading
    from warehouse.opening import open_warehouse

    with reading(open_warehouse(open_settings())) as connection:
        tokens = list_tokens(connection)
    if as_json:
        print_json([_as_json(one) for one in tokens])
        return
    rows = [
        (one.token_no, one.name, _standing(one), _reads(one), f"{clock.local(one.expires_at):%Y-%m-%d}", one.created_by)
        for one in tokens
    ]
    print_table(("nr", "namn", "", "läser", "gäller till", "skapad av"), rows, empty="Ingen token är skapad.")


@app.command("revoke", cls=SwedishCommand)
def revoke(number: Annotated[int, typer.Argument(metavar="NR", help="Numret enligt ”samkoll token list”.")]) -> None:
    """Återkalla en token. Den slutar gälla genast."""
    from control.login.tokens import revoke_token
    from kpi.access import OPERATOR
    from warehouse.opening import open_warehouse

    revoked = revoke_token(open_warehouse(open_settings()), OPERATOR, number)
    print(f"Token {number} ({revoked.name}) gäller inte längre.")


def _standing(one: ServiceToken) -> str:
    if one.revoked_at is not None:
        return "återkallad"
    return "gäller" if one.is_valid(clock.now()) else "utgången"


def _reads(one: ServiceToken) -> str:
    return "; ".join(
        " ".join([grant.role.value, grant.municipality_code, *sorted(grant.boards | grant.units | grant.branches)])
        for grant in one.grants
    )


def _as_json(one: ServiceToken) -> dict[str, Any]:
    from control.login.grants import as_rows

    return {
        "number": one.token_no,
        "name": one.name,
        "valid": one.is_valid(clock.now()),
        "grants": as_rows(one.grants),
        "created_at": one.created_at,
        "created_by": one.created_by,
        "expires_at": one.expires_at,
        "revoked_at": one.revoked_at,
        "last_used_at": one.last_used_at,
    }
