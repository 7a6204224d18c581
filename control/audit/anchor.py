"""The chain's head, written as a line to a file outside: whoever remakes or shortens the log cannot reach that."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from control.audit.actions import Action
from control.audit.event import Link
from control.audit.log import head, lock_chain, record
from kpi.access import Viewer
from warehouse import clock
from warehouse.database import writing
from warehouse.errors import UserError

_LINE = re.compile(r"([1-9][0-9]{0,17}) ([0-9a-f]{64}) (\S+)")


@dataclass(frozen=True)
class Anchor:
    """The hash of an event that was the newest at that moment: the events after it are younger."""

    hash: str
    at: datetime


def write_anchor(engine: Engine, viewer: Viewer, path: Path) -> Link:
    """Add the head to the file, which is never written over, and tell the log of it. UserError when the log is empty
    or the file cannot be written."""
    with writing(engine) as connection:
        lock_chain(connection)
        found = head(connection)
        if not found.event_no:
            raise UserError("Loggen är tom. Det finns inget att skriva ett ankare för ännu.")
        _add_line(path, f"{found.event_no} {found.hash} {clock.now().isoformat(timespec='seconds')}\n")
        details = {"event_no": found.event_no, "hash": found.hash}
        record(connection, viewer, Action.AUDIT_ANCHORED, path.name, details=details)
    return found


def read_anchors(path: Path) -> dict[int, Anchor]:
    """The anchors by event number, each at its latest moment.

    UserError for a file that is missing, empty or no anchor's, or contradicts itself.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"Ankaret {path} går inte att läsa. Kontrollera sökvägen och rättigheterna.") from error
    found: dict[int, Anchor] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        parts = _LINE.fullmatch(line.strip())
        at = None if parts is None else _moment(parts[3])
        if parts is None or at is None:
            raise UserError(
                f"{path}, rad {number}: ingen ankarrad. Varje rad har händelsens nummer, dess kontrollsumma och "
                "tidpunkten, som ”samkoll audit anchor” skriver dem."
            )
        before = found.get(int(parts[1]), Anchor(parts[2], at))
        if before.hash != parts[2]:
            raise UserError(f"{path}, rad {number}: händelse {parts[1]} har en annan kontrollsumma på en tidigare rad.")
        found[int(parts[1])] = Anchor(parts[2], max(before.at, at))
    if not found:
        raise UserError(f"Ankaret {path} är tomt. Skriv det med ”samkoll audit anchor {path}”.")
    return found


def _moment(text: str) -> datetime | None:
    try:
        return clock.utc(datetime.fromisoformat(text))
    except ValueError:
        return None


def _add_line(path: Path, line: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UserError(
            f"Ankaret {path} går inte att skriva ({error.strerror}). Ange en fil i en mapp som finns och får skrivas."
        ) from error
