"""Saving the definitions file: by a controller, whole or not at all, never over another's change, with history."""

from __future__ import annotations

import difflib
import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select

from control.audit.actions import Action
from control.audit.log import EVERYBODY, record
from kpi.access import Viewer, check_can_edit_definitions
from kpi.definition import Catalogue
from kpi.diff import (
    claimed_from_others,
    decided_without_decision,
    opened_to_others,
    opened_without_decision,
    removed_without_trace,
)
from kpi.live import LiveCatalogue, digest_of, replace_file
from kpi.loader import DefinitionError, read_catalogue
from kpi.organisation import Organisation
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.tables import definitions_version, kpi, kpi_definition

OUTSIDE = "filen på disk"
"""Who saved a version that did not come from the page."""


class SaveRefused(UserError):
    """The change breaks a rule about changes (a decided target, an id that is gone): one sentence per line."""


class ConcurrentEdit(UserError):
    """The file on disk is not the one that the editor began with. Both texts and their difference are here, so that
    nothing is lost."""

    def __init__(self, theirs: str, ours: str) -> None:
        self.theirs = theirs
        self.ours = ours
        self.difference = text_difference(theirs, ours)
        super().__init__(
            "Definitionsfilen har ändrats av någon annan sedan du öppnade den. Inget är sparat. Din text finns kvar: "
            "jämför den med filen som den är nu och för in din ändring på nytt."
        )


@dataclass(frozen=True)
class Version:
    """One file that has served."""

    version_no: int
    digest: str
    saved_at: datetime
    saved_by: str
    reason: str


def known_boards(organisation: Organisation) -> dict[str, str]:
    """The boards that targets may name, with their municipalities."""
    return {unit.code: unit.municipality_code or "" for unit in organisation.boards()}


def save(
    engine: Engine,
    live: LiveCatalogue,
    viewer: Viewer,
    text: str,
    *,
    began_with: str,
    reason: str,
    boards: dict[str, str] | None = None,
) -> Catalogue:
    """Replace the file and record who and why; the catalogue that serves from now on.

    `began_with`: the digest of the file that the editor began with. AccessDenied for others than controllers,
    DefinitionError for a text with errors, SaveRefused for a change that is not allowed, ConcurrentEdit when the file
    on disk is another by now, UserError without a reason or where the file cannot be written. In all cases the file
    stays as it was.
    """
    check_can_edit_definitions(viewer)
    if not reason.strip():
        raise UserError("Skriv varför du ändrar. Skälet sparas tillsammans med ändringen.")
    try:
        return _save(engine, live, viewer, text, began_with, reason.strip(), boards)
    except OSError as error:
        raise UserError(
            f"Filen {live.path.name} går inte att skriva ({error.strerror}). Be den som driver Samkoll att ge plats "
            "och rätt att skriva den, eller att peka ut en egen fil med SAMKOLL_DEFINITIONS."
        ) from error


def _save(
    engine: Engine,
    live: LiveCatalogue,
    viewer: Viewer,
    text: str,
    began_with: str,
    reason: str,
    boards: dict[str, str] | None,
) -> Catalogue:
    data = text.encode()
    with _alone(live.path):
        current = live.state()
        on_disk = live.path.read_bytes()
        if digest_of(on_disk) != began_with:
            raise ConcurrentEdit(on_disk.decode("utf-8-sig", "replace"), text)
        new = read_catalogue(data, live.path.name, boards=boards)
        with reading(engine) as connection:
            broken = (*check_edit(current.catalogue, new, boards), *_ids_taken_up(connection, current.catalogue, new))
        if broken:
            raise SaveRefused("\n".join(broken))
        with writing(engine) as connection:
            _record_current(connection, current.data)
            _record(connection, data, viewer, reason)
            replace_file(live.path, data)
        return live.state().catalogue


def check_edit(old: Catalogue, new: Catalogue, boards: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """As `check_change`, for whoever edits by the page: what only the operator may say in the file is refused too."""
    return (*check_change(old, new, boards), *claimed_from_others(old, new), *opened_without_decision(old, new))


def check_change(old: Catalogue, new: Catalogue, boards: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """What the change may not do, in Swedish sentences; empty when it may be saved. `boards`: as `known_boards`."""
    decided = decided_without_decision(old, new, clock.today(), boards)
    return (*decided, *removed_without_trace(old, new), *opened_to_others(old, new))


def changes_since_served(engine: Engine, new: Catalogue) -> tuple[str, ...]:
    """What a catalogue may not change since the version that served last; nothing when none is known or readable."""
    with reading(engine) as connection:
        versions = history(connection, limit=1)
        text = read_version(connection, versions[0].version_no) if versions else None
        served, _ = check_text(text, "", None) if text is not None else (None, None)
        boards = known_boards(read_organisation(connection))
        if served is None:
            return ()
        return (*check_change(served, new, boards), *_ids_taken_up(connection, served, new))


def _ids_taken_up(connection: Connection, old: Catalogue, new: Catalogue) -> Iterator[str]:
    """Swedish sentences for new ids that an earlier figure, of another meaning, has stored values under."""
    rows = connection.execute(
        select(kpi.c.kpi_id, kpi_definition.c.definition_hash)
        .join(kpi, kpi.c.kpi_no == kpi_definition.c.kpi_no)
        .order_by(kpi_definition.c.definition_no)
    )
    meant = {row.kpi_id: row.definition_hash for row in rows}  # the latest
    for id_, definition in new.definitions.items():
        if id_ not in old.definitions and meant.get(id_, definition.definition_hash) != definition.definition_hash:
            yield (
                f"{id_} har varit ett annat nyckeltal, som har sparade värden. Ett id används aldrig igen: välj ett "
                "annat, eller låt det betyda vad det gjorde."
            )


def record_if_changed(engine: Engine, data: bytes, *, at: datetime | None = None) -> bool:
    """Record a file that serves and was not saved by the page; whether it was new."""
    with writing(engine) as connection:
        return _record_current(connection, data, at)


def history(connection: Connection, *, limit: int = 50) -> tuple[Version, ...]:
    """The newest versions first."""
    table = definitions_version
    rows = connection.execute(
        select(table.c.version_no, table.c.digest, table.c.saved_at, table.c.saved_by, table.c.reason)
        .order_by(table.c.version_no.desc())
        .limit(limit)
    )
    return tuple(Version(*row) for row in rows)


def read_version(connection: Connection, version_no: int) -> str | None:
    """A version's text; None when there is none of that number."""
    table = definitions_version
    return connection.scalar(select(table.c.content).where(table.c.version_no == version_no))


def check_text(text: str, name: str, boards: dict[str, str] | None = None) -> tuple[Catalogue | None, str | None]:
    """The catalogue of a text, or its errors as lines."""
    try:
        return read_catalogue(text.encode(), name, boards=boards), None
    except DefinitionError as error:
        return None, str(error)


def text_difference(old: str, new: str) -> str:
    """A unified difference of two texts, without names."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), "på disk", "din text", lineterm="", n=2)
    return "\n".join(lines)


def _record_current(connection: Connection, data: bytes, at: datetime | None = None) -> bool:
    table = definitions_version
    latest = connection.scalar(select(table.c.digest).order_by(table.c.version_no.desc()).limit(1))
    if latest == digest_of(data):
        return False
    reason = "Första kända versionen" if latest is None else "Ändrad utanför Samkoll"
    _record(connection, data, Viewer(OUTSIDE, ()), reason, at)
    return True


def _record(connection: Connection, data: bytes, viewer: Viewer, reason: str, at: datetime | None = None) -> None:
    at = clock.utc(at) if at is not None else clock.now()
    version_no = connection.execute(
        insert(definitions_version)
        .values(
            digest=digest_of(data),
            content=data.decode("utf-8-sig"),
            saved_at=at,
            saved_by=viewer.user,
            reason=reason,
        )
        .returning(definitions_version.c.version_no)
    ).scalar_one()
    details = {"version": version_no, "digest": digest_of(data)}
    record(
        connection,
        viewer,
        Action.DEFINITIONS_SAVED,
        f"version {version_no}",
        concerns=EVERYBODY,
        reason=reason,
        details=details,
        at=at,
    )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One saver at a time, also among several processes of the web server."""
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
