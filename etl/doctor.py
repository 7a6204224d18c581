"""`samkoll doctor`: what is configured, what can be reached, what is wrong, each with its remedy. Changes nothing."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, func, select

from control.login.discovery import ProviderDown, ProviderFault, new_client, read_discovery
from control.login.grants import grants_by_claim
from etl.doctor_mail import mail
from etl.doctor_oversight import access_reviews, oversight, pages_role
from etl.drop import waiting_files
from etl.finding import Finding
from etl.finding import Grade as Grade
from etl.keys import ENCRYPTION_KEY_FILE, PSEUDONYM_KEY_FILE
from etl.reporting import counted
from etl.run import is_known_file
from kpi.loader import DefinitionError, load_catalogue
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.opening import Standing, WarehouseUnreachable, find_standing, open_warehouse, warehouse_address
from warehouse.settings import Settings
from warehouse.tables import delivery, job_run, rejected_row

_LEAST_FREE_MB = 500


def examine(settings: Settings) -> list[Finding]:
    """Every finding, in the order a reader would ask."""
    findings = [
        *_unknown_settings(),
        _data_folder(settings),
        _disk(settings),
        _key(settings, "pseudonymnyckel", PSEUDONYM_KEY_FILE, settings.pseudonym_key is not None),
        _key(settings, "krypteringsnyckel", ENCRYPTION_KEY_FILE, settings.encryption_key is not None),
        _definitions(settings),
        _drop_folder(settings),
        _login(settings),
        *oversight(settings),
    ]
    warehouse, ready = _warehouse(settings)
    findings.append(warehouse)
    if ready:
        engine = open_warehouse(settings)
        with reading(engine) as connection:
            findings += [look(connection) for look in _IN_WAREHOUSE]
            findings.append(access_reviews(connection, settings))
            findings.append(mail(connection, settings))
        engine.dispose()
        findings += pages_role(settings)
    return findings


def _unknown_settings() -> Iterator[Finding]:
    """A misspelt variable would be silently without effect."""
    known = {f"SAMKOLL_{name}".upper() for name in Settings.model_fields} | {"SAMKOLL_SETTINGS"}
    for name in sorted(os.environ):
        if name.startswith("SAMKOLL_") and name.split("__")[0] not in known and not name.startswith("SAMKOLL_TEST_"):
            yield Finding(
                "inställningar", Grade.WRONG, f"{name} är ingen inställning.", "Rätta namnet eller ta bort den."
            )


def _data_folder(settings: Settings) -> Finding:
    folder = settings.data_dir
    if not folder.is_dir():
        return Finding("datamapp", Grade.NOTE, f"{folder} finns inte än.", "Den skapas när något läses in.")
    if not os.access(folder, os.W_OK):
        return Finding(
            "datamapp", Grade.WRONG, f"{folder} går inte att skriva i.", "Ge den som kör Samkoll rätt att skriva."
        )
    return Finding("datamapp", Grade.GOOD, f"{folder} går att skriva i.")


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir if settings.data_dir.is_dir() else Path()
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < _LEAST_FREE_MB:
        return Finding(
            "disk", Grade.WRONG, f"Bara {free_mb} MB ledigt.", "Gör plats: en leverans sparas tills den gallras."
        )
    return Finding("disk", Grade.GOOD, f"{free_mb // 1000} GB ledigt.")


def _key(settings: Settings, name: str, file_name: str, is_set: bool) -> Finding:
    if is_set:
        return Finding(name, Grade.GOOD, "Satt i miljön eller inställningsfilen.")
    path = settings.data_dir / file_name
    if not path.exists():
        return Finding(name, Grade.NOTE, "Finns inte än.", "Den skapas vid första inläsningen; sätt en egen i drift.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding(name, Grade.WRONG, f"{path} kan läsas av andra.", f"Kör chmod 600 {path}.")
    return Finding(name, Grade.GOOD, f"{path}, bara läsbar för ägaren.", "Säkerhetskopiera den skild från databasen.")


def _definitions(settings: Settings) -> Finding:
    try:
        count = len(load_catalogue(settings.definitions).definitions)
    except DefinitionError as error:
        first = str(error).splitlines()[0]
        return Finding("definitioner", Grade.WRONG, first, "Rätta filen och pröva med ”samkoll kpi validate”.")
    return Finding("definitioner", Grade.GOOD, f"{settings.definitions.name}: {count} nyckeltal, inga fel.")


def _drop_folder(settings: Settings) -> Finding:
    folder = settings.drop_folder
    if not folder.is_dir():
        return Finding(
            "inkorg",
            Grade.NOTE,
            f"{folder} finns inte.",
            "”samkoll schedule” skapar den som är förvald; skapa annars den som är inställd.",
        )
    unknown = [path.name for path in waiting_files(folder) if not is_known_file(path)]
    if unknown:
        files = counted(len(unknown), "fil", "filer")
        text = f"{files} som ingen mappning känner igen ligger kvar, till exempel {unknown[0]}."
        return Finding("inkorg", Grade.NOTE, text, "Rätta filnamnet eller lägg till en mappning.")
    return Finding("inkorg", Grade.GOOD, f"{folder} bevakas av ”samkoll schedule”.")


def _login(settings: Settings) -> Finding:
    if settings.login is None:
        text = "Ingen inloggning är inställd, så bara ”samkoll demo” visar sidor."
        return Finding(
            "inloggning", Grade.NOTE, text, "Skriv tabellen [login] i inställningsfilen före ”samkoll serve”."
        )
    issuer = settings.login.issuer
    try:
        groups = len(grants_by_claim(settings.login))
        with new_client() as client:
            read_discovery(client, issuer)
    except UserError as error:
        return Finding("inloggning", Grade.WRONG, str(error), "Rätta inställningsfilen.")
    except ProviderDown:
        text = f"Inloggningstjänsten {issuer} svarar inte. Ingen kan logga in; den som är inloggad arbetar vidare."
        return Finding("inloggning", Grade.WRONG, text, "Kontrollera att den är igång, adressen issuer och nätet.")
    except ProviderFault:
        text = f"Inloggningstjänsten på {issuer} kallar sig något annat, eller lämnar adresser utan https."
        return Finding("inloggning", Grade.WRONG, text, "Skriv issuer exakt som tjänsten själv uppger den.")
    found = f"{issuer} svarar; {counted(groups, 'grupp är kopplad till roller', 'grupper är kopplade till roller')}."
    return Finding("inloggning", Grade.GOOD, found)


def _warehouse(settings: Settings) -> tuple[Finding, bool]:
    try:
        standing = find_standing(settings)
    except (UserError, WarehouseUnreachable) as error:
        return Finding("databas", Grade.WRONG, str(error)), False
    address = warehouse_address(settings)
    match standing:
        case Standing.READY:
            return Finding("databas", Grade.GOOD, f"{address} svarar och har rätt version."), True
        case Standing.MISSING:
            return Finding("databas", Grade.NOTE, f"{address} finns inte än.", "Kör ”samkoll upgrade”."), False
        case Standing.OUTDATED:
            return Finding("databas", Grade.WRONG, f"{address} har en äldre version.", "Kör ”samkoll upgrade”."), False
        case Standing.NEWER:
            return Finding("databas", Grade.WRONG, f"{address} har en nyare version.", "Uppdatera programmet."), False


def _failed_deliveries(connection: Connection) -> Finding:
    latest = select(func.max(delivery.c.delivery_id)).group_by(delivery.c.source_id, delivery.c.file_name)
    count = _count(connection, delivery.c.status == "failed", delivery.c.delivery_id.in_(latest))
    if count:
        return Finding(
            "misslyckade",
            Grade.WRONG,
            f"{counted(count, 'leverans', 'leveranser')} gick inte att läsa.",
            "Se ”samkoll deliveries”.",
        )
    return Finding("misslyckade", Grade.GOOD, "Inga misslyckade leveranser.")


def _interrupted(connection: Connection) -> Finding:
    count = _count(connection, delivery.c.status == "received")
    if count:
        text = f"{counted(count, 'leverans är mottagen men inte inläst', 'leveranser är mottagna men inte inlästa')}."
        return Finding("avbrutna", Grade.NOTE, text, "Nästa ”samkoll load” eller schemaläggaren fortsätter dem.")
    return Finding("avbrutna", Grade.GOOD, "Ingen inläsning är avbruten.")


def _held(connection: Connection) -> Finding:
    count = _count(connection, delivery.c.status == "held")
    if count:
        text = f"{counted(count, 'leverans', 'leveranser')} väntar på beslut."
        return Finding(
            "beslut", Grade.NOTE, text, "Se ”samkoll deliveries”; sedan ”samkoll approve” eller ”samkoll refuse”."
        )
    return Finding("beslut", Grade.GOOD, "Ingen leverans väntar på beslut.")


def _rejects(connection: Connection) -> Finding:
    query = select(func.count()).select_from(
        rejected_row.join(delivery, delivery.c.delivery_id == rejected_row.c.delivery_id)
    )
    query = query.where(rejected_row.c.resolved_by.is_(None), delivery.c.status == "loaded")
    count = connection.execute(query).scalar_one()
    if count:
        return Finding(
            "avvisade rader",
            Grade.NOTE,
            f"{counted(count, 'rad', 'rader')} väntar på rättelse.",
            "Se ”samkoll rejects”.",
        )
    return Finding("avvisade rader", Grade.GOOD, "Inga avvisade rader väntar.")


def _failing_jobs(connection: Connection) -> Finding:
    failing = connection.execute(select(job_run.c.job, job_run.c.error).where(job_run.c.state == "failed")).all()
    if failing:
        text = "; ".join(f"{row.job}: {row.error}" for row in failing)
        return Finding("jobb", Grade.WRONG, text, "Det görs om av sig självt; rätta orsaken.")
    return Finding("jobb", Grade.GOOD, "Inget jobb misslyckas.")


def _synthetic(connection: Connection) -> Finding:
    count = _count(connection, delivery.c.is_synthetic, delivery.c.status == "loaded")
    if count:
        loaded = counted(count, "inläst leverans är syntetisk", "inlästa leveranser är syntetiska")
        text = f"{loaded}; det som bygger på dem är märkt."
        return Finding("syntetiska data", Grade.NOTE, text, "Använd en egen databas för riktiga data.")
    return Finding("syntetiska data", Grade.GOOD, "Inga.")


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(delivery).where(*conditions)).scalar_one()


_IN_WAREHOUSE: tuple[Callable[[Connection], Finding], ...] = (
    _failed_deliveries,
    _interrupted,
    _held,
    _rejects,
    _failing_jobs,
    _synthetic,
)
