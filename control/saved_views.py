"""A reader's own saved views: addresses of ours under names. Each reads, adds and removes only the own ones."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from control.free_text import kept_text
from kpi.access import Viewer
from kpi.organisation import swedish_key
from kpi.views.errors import NotFound
from warehouse import clock
from warehouse.database import writing
from warehouse.errors import UserError
from warehouse.reader_tables import saved_view

MOST = 50
LONGEST_NAME, LONGEST_ADDRESS = 80, 500


@dataclass(frozen=True)
class SavedView:
    """`address`: path and query."""

    number: int
    name: str
    address: str


def read_views(connection: Connection, viewer: Viewer) -> tuple[SavedView, ...]:
    """The viewer's own, by name."""
    rows = connection.execute(select(saved_view).where(saved_view.c.owner == _owner(viewer)))
    found = [SavedView(row.view_no, row.name, row.address) for row in rows]
    return tuple(sorted(found, key=lambda one: swedish_key(one.name)))


def save_view(engine: Engine, viewer: Viewer, name: str | None, address: str | None) -> None:
    """Save an address of ours. UserError for one that leads elsewhere, for a name that is taken, and for too many."""
    named = kept_text(name, "Namnet", longest=LONGEST_NAME)
    kept = own_address(address)
    with writing(engine) as connection:
        count = connection.scalar(
            select(func.count()).select_from(saved_view).where(saved_view.c.owner == _owner(viewer))
        )
        if (count or 0) >= MOST:
            raise UserError(f"Du har redan {MOST} sparade vyer. Ta bort en och spara igen.")
        try:
            connection.execute(
                insert(saved_view).values(owner=_owner(viewer), name=named, address=kept, made_at=clock.now())
            )
        except IntegrityError:
            raise UserError(f"Du har redan en vy som heter ”{named}”. Välj ett annat namn.") from None


def remove_view(engine: Engine, viewer: Viewer, number: int) -> None:
    """Remove one of the viewer's own. NotFound for another's, as for one that is not there."""
    with writing(engine) as connection:
        mine = (saved_view.c.view_no == number) & (saved_view.c.owner == _owner(viewer))
        if not connection.execute(delete(saved_view).where(mine)).rowcount:
            raise NotFound("Vyn finns inte. Ladda om sidan.")


def own_address(address: str | None) -> str:
    """The path and query of an address of ours. UserError for anything that could lead elsewhere."""
    found = (address or "").strip()
    try:
        parts = urlsplit(found)
    except ValueError:
        parts = urlsplit("")
    is_ours = found.startswith("/") and not found.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    if not is_ours or "\\" in found or any(ord(letter) < 32 for letter in found) or len(found) > LONGEST_ADDRESS:
        raise UserError("Adressen leder inte till en sida i Samkoll. Öppna sidan och välj Spara vyn där.")
    return parts._replace(fragment="").geturl()


def _owner(viewer: Viewer) -> str:
    return viewer.user[:80]
