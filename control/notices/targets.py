"""What boards have decided about their targets, as the newest definitions that are kept have it.

A target of a whole municipality says not which board decided it, and is not offered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection

from control.definitions import check_text, history, read_version
from control.notices.content import Telling, written
from kpi import format as text_of
from kpi.definition import Catalogue, Decision
from kpi.status import target_for
from kpi.target_words import target
from kpi.views.organisation import read_organisation


def of_targets(connection: Connection, since: date) -> Iterator[Telling]:
    """One for each decision, however many targets it was about."""
    newest = history(connection, limit=1)
    content = read_version(connection, newest[0].version_no) if newest else None
    if content is None or "decision:" not in content:  # to read a whole file takes half a second
        return
    catalogue = _read(content)
    municipalities = {one.code: one.municipality_code or "" for one in read_organisation(connection).boards()}
    for (board, decision), targets in sorted(_decided(catalogue, municipalities, since), key=lambda one: one[0][0]):
        key = hashlib.sha256("; ".join([str(decision), *targets.values()]).encode()).hexdigest()[:12]
        many = "ett" if len(targets) == 1 else text_of.count_word(len(targets))
        yield Telling(
            f"targets {board} {key}", municipalities[board], board, f"Nämnden har beslutat om mål för {many} nyckeltal",
            written(
                f"Beslutat {text_of.day(decision.decided_on)}, {decision.paragraph}, diarienummer "
                f"{decision.registration_number}. {'; '.join(targets.values())}."
            ),
            f"/nyckeltal/{next(iter(targets))}?enhet={board}",
        )  # fmt: skip


def _decided(
    catalogue: Catalogue | None, municipalities: dict[str, str], since: date
) -> list[tuple[tuple[str, Decision], dict[str, str]]]:
    """The decided targets in words, by board and decision and then by figure."""
    found: dict[tuple[str, Decision], dict[str, str]] = {}
    for definition in catalogue.definitions.values() if catalogue is not None else ():
        for one in definition.targets:
            board, decision = one.board, one.decision
            if board not in municipalities or decision is None or decision.decided_on < since:
                continue
            line = target_for(definition, one.first, board, municipalities[board])
            found.setdefault((board, decision), {})[definition.id] = f"{definition.name}: {target(definition, line)}"
    return list(found.items())


@lru_cache(maxsize=1)
def _read(content: str) -> Catalogue | None:
    return check_text(content, "version", None)[0]
