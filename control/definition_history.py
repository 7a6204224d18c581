"""One figure's part of the definitions file's history: the versions that changed it, and what they changed in words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, takewhile

from sqlalchemy import Connection

from control.definitions import Version, check_text, history, read_version
from kpi.access import Place, Viewer, check_can_open
from kpi.definition import Catalogue
from kpi.diff import Change, Sort, compare

_MOST_VERSIONS, _MOST_KEPT = 1_000, 20_000
_FIGURES = "\nfigures:"
Changes = tuple[Change, ...] | None
"""None: one of the two versions cannot be read by the rules of today."""
_kept: dict[tuple[str, str, str], Changes] = {}


@dataclass(frozen=True)
class FigureVersion:
    """A version of the file that changed the figure. `changes`: what, None where it cannot be told; () in the oldest
    known version, which changed nothing. What a change of a fact means for the figure is among them."""

    version: Version
    changes: Changes


def figure_history(connection: Connection, viewer: Viewer, kpi_id: str) -> tuple[FigureVersion, ...]:
    """The newest first, down to the version that brought the figure, or the oldest known. AccessDenied for whoever does
    not open Definitioner, where the same history stands for the whole file."""
    check_can_open(viewer, Place.DEFINITIONS)
    versions = history(connection, limit=_MOST_VERSIONS)
    found = []
    for newer, older in pairwise(versions):
        changes = _changes(connection, older, newer, kpi_id)
        if changes is None or changes:
            found.append(FigureVersion(newer, changes))
        if changes and changes[0].sort is Sort.ADDED:
            return tuple(found)
    return (*found, *(FigureVersion(one, ()) for one in versions[-1:]))


def _changes(connection: Connection, older: Version, newer: Version, kpi_id: str) -> Changes:
    """To read a file takes a third of a second, so it is done only where the figure's text or the facts differ, and
    once."""
    key = older.digest, newer.digest, kpi_id
    if key not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = _compared(connection, older, newer, kpi_id)
    return _kept[key]


def _compared(connection: Connection, older: Version, newer: Version, kpi_id: str) -> Changes:
    before, after = (read_version(connection, one.version_no) or "" for one in (older, newer))
    if _is_alike(before, after, kpi_id):
        return ()
    old, new = _catalogue(before), _catalogue(after)
    if old is None or new is None:
        return None
    return tuple(one for one in compare(old, new) if one.kpi_id == kpi_id)


def _is_alike(before: str, after: str, kpi_id: str) -> bool:
    """Whether the figure's lines are the same, and all that is no figure's; what is laid out in another way than ours
    is not."""
    old, new = _cut(before, kpi_id), _cut(after, kpi_id)
    return old is not None and old == new


def _cut(text: str, kpi_id: str) -> tuple[str, str, str] | None:
    """What stands before the figures, the figure's own lines, and what stands after the figures."""
    head, _, rest = text.partition(_FIGURES)
    lines = rest.splitlines()[1:]
    end = next((at for at, line in enumerate(lines) if line.strip() and line[0] not in " #"), len(lines))
    begins = next((at for at, line in enumerate(lines[:end]) if line.rstrip() == f"  {kpi_id}:"), None)
    if begins is None:
        return None
    own = [line.rstrip() for line in takewhile(lambda line: not line.strip() or line.startswith("   "),
                                               lines[begins + 1 : end])]  # fmt: skip
    return head, "\n".join(own).rstrip(), "\n".join(lines[end:])


def _catalogue(content: str) -> Catalogue | None:
    return check_text(content, "version", None)[0]
