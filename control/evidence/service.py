"""Evidence is added and read, never changed: a file with its hash, a link, or a registration number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from control.audit.actions import Action
from control.audit.log import record
from control.evidence.files import check_file, kept_name
from control.evidence.owners import About, Owner, check_can_add, owner_of
from control.free_text import kept_text
from kpi.access import (
    AccessDenied,
    Viewer,
    can_read_evidence_file,
    check_can_read_control,
    check_can_read_evidence_file,
)
from kpi.access.viewer import passes
from kpi.views.errors import NotFound
from warehouse import clock
from warehouse.database import writing
from warehouse.errors import UserError
from warehouse.plan_tables import evidence
from warehouse.plan_tables import evidence_file as file_table

__all__ = [
    "About", "Evidence", "EvidenceFile", "EvidenceKind", "Given", "add_evidence", "can_add_evidence", "evidence_file",
    "evidence_of",
]  # fmt: skip

_LONGEST_LABEL, _LONGEST_LINK, _LONGEST_NUMBER, _MOST = 200, 500, 40, 50
_NO_FILE = "Underlaget finns inte som fil. Ladda om sidan och välj i listan."


class EvidenceKind(StrEnum):
    """What sort of evidence it is."""

    FILE = "file"
    LINK = "link"
    REGISTRATION_NUMBER = "registration_number"


@dataclass(frozen=True)
class Given:
    """What somebody adds. `reference`: the file's name, the link or the registration number."""

    kind: EvidenceKind
    label: str | None
    reference: str | None
    evidence_on: date | None
    content: bytes | None = None


@dataclass(frozen=True)
class Evidence:
    """As it is listed. `evidence_on`: the day of the evidence itself. `size` and `file_hash` (SHA-256) of a file.
    `is_open`: whether `evidence_file` gives the file to the reader."""

    number: int
    kind: EvidenceKind
    label: str
    reference: str
    evidence_on: date
    added_at: datetime
    added_by: str
    file_hash: str | None
    size: int | None
    is_open: bool


@dataclass(frozen=True)
class EvidenceFile:
    """A file as it was added."""

    name: str
    media_type: str
    content: bytes


def add_evidence(
    where: Engine | Connection,
    viewer: Viewer,
    about: About,
    about_no: int,
    given: Given,
    *,
    today: date,
    at: datetime | None = None,
) -> int:
    """Add it and return its number; with a connection in its (writing) transaction. AccessDenied for who may not work
    with what it is about, NotFound when there is no such thing, UserError for what may not be kept."""
    kept = _kept(given)
    with _writing(where) as connection:
        owner = owner_of(connection, about, about_no)
        check_can_add(viewer, about, owner)
        label = kept_text(given.label, "Vad underlaget är", longest=_LONGEST_LABEL)
        if given.evidence_on is None:
            raise UserError("Underlagets datum saknas. Ange dagen då det upprättades.")
        if given.evidence_on > today:
            raise UserError("Underlagets datum ligger framåt i tiden. Ange dagen då det upprättades.")
        _check_there_is_room(connection, about, about_no)
        _store_file(connection, kept)
        number: int = connection.execute(
            insert(evidence)
            .values(
                municipality_code=owner.municipality_code,
                board_code=owner.board_code,
                about=about,
                about_no=about_no,
                kind=given.kind,
                label=label,
                reference=kept.reference,
                file_hash=kept.file_hash,
                evidence_on=given.evidence_on,
                added_at=at or clock.now(),
                added_by=viewer.user,
            )
            .returning(evidence.c.evidence_no)
        ).scalar_one()
        details = {"about": about.value, "about_no": about_no, "kind": given.kind.value, "sha256": kept.file_hash}
        _tell(connection, viewer, Action.EVIDENCE_ADDED, owner, f"underlag {number}: {label}", details=details, at=at)
    return number


def can_add_evidence(connection: Connection, viewer: Viewer, about: About, about_no: int) -> bool:
    """Whether `add_evidence` lets the viewer in."""
    owner = owner_of(connection, about, about_no)
    return passes(lambda: check_can_add(viewer, about, owner))


def evidence_of(connection: Connection, viewer: Viewer, about: About, about_no: int) -> tuple[Evidence, ...]:
    """In the order added; no file's content. AccessDenied for another board's, NotFound when there is no such thing."""
    owner = owner_of(connection, about, about_no)
    check_can_read_control(viewer, owner.board_code)
    is_open = can_read_evidence_file(viewer, owner.board_code, owner.unit_code)
    rows = connection.execute(
        select(evidence, func.length(file_table.c.content).label("size"))
        .outerjoin(file_table, file_table.c.file_hash == evidence.c.file_hash)
        .where(evidence.c.about == about, evidence.c.about_no == about_no)
        .order_by(evidence.c.evidence_no)
    )
    return tuple(
        Evidence(
            row.evidence_no,
            EvidenceKind(row.kind),
            row.label,
            row.reference,
            row.evidence_on,
            row.added_at,
            row.added_by,
            row.file_hash,
            row.size,
            is_open,
        )
        for row in rows
    )


def labels_of(
    connection: Connection, viewer: Viewer, board_code: str, about: About, numbers: Iterable[int]
) -> dict[int, tuple[str, ...]]:
    """What the board's evidence about each of the things is called, by number, in the order added; those without are
    not there. AccessDenied for another's board."""
    check_can_read_control(viewer, board_code)
    rows = connection.execute(
        select(evidence.c.about_no, evidence.c.label)
        .where(evidence.c.board_code == board_code, evidence.c.about == about, evidence.c.about_no.in_(sorted(numbers)))
        .order_by(evidence.c.evidence_no)
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[row.about_no] = (*found.get(row.about_no, ()), row.label)
    return found


def evidence_file(engine: Engine, viewer: Viewer, number: int) -> EvidenceFile:
    """A file, recorded before it is given. AccessDenied for another board's or unit's evidence of any kind; NotFound
    where there is none of that number, or it is no file."""
    with writing(engine) as connection:
        row = connection.execute(
            select(evidence, file_table.c.media_type, file_table.c.content)
            .outerjoin(file_table, file_table.c.file_hash == evidence.c.file_hash)
            .where(evidence.c.evidence_no == number)
        ).one_or_none()
        if row is None:
            raise NotFound(_NO_FILE)
        owner = owner_of(connection, About(row.about), row.about_no)
        try:
            check_can_read_evidence_file(viewer, owner.board_code, owner.unit_code)
        except AccessDenied as denied:
            raise AccessDenied(str(denied), owner.municipality_code) from None
        if row.content is None:
            raise NotFound(_NO_FILE)
        _tell(connection, viewer, Action.EXPORT, owner, f"underlag {number}: {row.label}")
    return EvidenceFile(row.reference, row.media_type, row.content)


@contextmanager
def _writing(where: Engine | Connection) -> Iterator[Connection]:
    if isinstance(where, Connection):
        yield where
        return
    with writing(where) as connection:
        yield connection


def _check_there_is_room(connection: Connection, about: About, about_no: int) -> None:
    held = (evidence.c.about == about, evidence.c.about_no == about_no)
    if connection.execute(select(func.count()).select_from(evidence).where(*held)).scalar_one() >= _MOST:
        raise UserError(f"Det finns redan {_MOST} underlag här. Samla flera i ett dokument, eller ange diarienummer.")


@dataclass(frozen=True)
class _Kept:
    """What is stored: the reference, and a file's type, content and hash."""

    reference: str
    media_type: str | None = None
    content: bytes | None = None
    file_hash: str | None = None


def _kept(given: Given) -> _Kept:
    """What is given, once it has been tried: before any transaction, since a large file takes a second."""
    if given.kind is EvidenceKind.LINK:
        return _Kept(_link(given.reference))
    if given.kind is EvidenceKind.REGISTRATION_NUMBER:
        return _Kept(kept_text(given.reference, "Diarienumret", longest=_LONGEST_NUMBER))
    if given.content is None:
        raise UserError("Filen saknas. Välj en fil och lägg till igen.")
    name = given.reference or "fil"
    file_type = check_file(name, given.content)
    digest = hashlib.sha256(given.content).hexdigest()
    return _Kept(kept_name(name, file_type), file_type.media_type, given.content, digest)


def _store_file(connection: Connection, kept: _Kept) -> None:
    """The file, unless the same bytes are held already."""
    if kept.file_hash is None:
        return
    made = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = {"file_hash": kept.file_hash, "media_type": kept.media_type, "content": kept.content}
    connection.execute(made(file_table).values(values).on_conflict_do_nothing())


def _link(text: str | None) -> str:
    """An https address without a password. UserError otherwise."""
    found = kept_text(text, "Länken", longest=_LONGEST_LINK)
    try:
        parts = urlsplit(found)
        is_right = parts.scheme == "https" and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        is_right = False
    if not is_right or any(sign.isspace() or sign in '<>"\\`' for sign in found):
        raise UserError("Länken tas inte emot: den ska börja med https:// och vara en hel adress. Ändra den.")
    return found


def _tell(
    connection: Connection,
    viewer: Viewer,
    action: Action,
    owner: Owner,
    what: str,
    *,
    details: dict[str, str | int | None] | None = None,
    at: datetime | None = None,
) -> None:
    record(
        connection,
        viewer,
        action,
        what,
        municipality_code=owner.municipality_code,
        board_code=owner.board_code,
        details=details,
        at=at,
    )
