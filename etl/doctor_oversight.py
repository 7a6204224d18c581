"""The doctor's findings about who reaches what, and about the log of it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, make_url

from control.audit.retention import retention_of
from control.audit.review_store import due_on, standing
from etl.finding import Finding, Grade
from kpi.access import OPERATOR
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.errors import UserError
from warehouse.opening import WarehouseUnreachable, open_for_pages
from warehouse.settings import Settings


def oversight(settings: Settings) -> Iterator[Finding]:
    """What the settings alone tell."""
    if settings.login is not None and not settings.login.is_encrypted:
        yield Finding(
            "sidornas adress",
            Grade.NOTE,
            f"{settings.login.public_address} är utan kryptering och når bara den egna datorn.",
            "Sätt public_address till en https-adress innan andra ska logga in.",
        )
    try:
        kept = retention_of(settings)
    except UserError as error:
        yield Finding("loggens gallring", Grade.WRONG, str(error), "Sätt båda inställningarna, eller ingen.")
    else:
        text = f"{kept.months} månader sparas enligt {kept.decision}." if kept else "Inget gallras ur loggen."
        yield Finding("loggens gallring", Grade.GOOD, text)


def pages_role(settings: Settings) -> Iterator[Finding]:
    """Whether the pages' role in PostgreSQL may do what they need and no more. The warehouse is ready."""
    name = "sidornas databasroll"
    if settings.dashboard_database_url:
        try:
            engine = open_for_pages(settings)
        except (UserError, WarehouseUnreachable) as error:
            yield Finding(name, Grade.WRONG, str(error))
        else:
            yield Finding(name, Grade.GOOD, "Den har de rättigheter som sidorna behöver, och inga andra.")
            engine.dispose()
    elif make_url(settings.warehouse_url).get_backend_name() == "postgresql":
        text = "Sidorna når databasen som den roll som äger tabellerna."
        yield Finding(name, Grade.NOTE, text, "Ge dem en egen roll (docs/operate.md, SAMKOLL_DASHBOARD_DATABASE_URL).")


def access_reviews(connection: Connection, settings: Settings) -> Finding:
    """Whether a municipality is late with its review of who has read what."""
    today = clock.today()
    late = {
        code: waiting
        for code in sorted({unit.municipality_code or "" for unit in read_organisation(connection).boards()} - {""})
        if (
            waiting := [
                str(period)
                for period in standing(connection, OPERATOR, code, settings.access_review_months).waiting
                if due_on(period) < today
            ]
        )
    }
    if not late:
        return Finding("åtkomstgranskning", Grade.GOOD, "Ingen granskning är försenad.")
    text = "; ".join(f"kommun {code}: {', '.join(periods)}" for code, periods in late.items())
    return Finding(
        "åtkomstgranskning",
        Grade.NOTE,
        f"Granskningar är försenade ({text}).",
        "Dataskyddsombudet signerar på sidan Åtkomst.",
    )
