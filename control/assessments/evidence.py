"""What an assessment rests on, told as it is signed: a registration number or a link, with the day of the evidence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from control.assessments.reading import Assessment
from control.evidence import About, EvidenceKind, Given, add_evidence
from control.free_text import kept_text
from kpi.access import Viewer
from warehouse import clock
from warehouse.errors import UserError
from warehouse.plan_tables import evidence

_LONGEST_LABEL, _LONGEST_REFERENCE = 200, 500
_LINKS = ("https://", "http://")  # the second is refused, with a sentence


@dataclass(frozen=True)
class Reference:
    """Evidence that lies elsewhere. `where`: its registration number or link; `on`: its own day."""

    label: str
    where: str
    on: date

    @property
    def is_link(self) -> bool:
        """Whether it can be opened."""
        return self.where.startswith(_LINKS)


def kept_reference(label: str | None, where: str | None, on: date | None, *, today: date) -> Reference | None:
    """What was written about evidence; None when nothing was. UserError when it is not whole, or of a day to come."""
    told = kept_text(label, "Underlaget", longest=_LONGEST_LABEL, is_required=False)
    at = kept_text(where, "Diarienumret eller länken", longest=_LONGEST_REFERENCE, is_required=False)
    if not told and not at and on is None:
        return None
    if not (told and at and on is not None):
        raise UserError(
            "Underlaget är inte helt ifyllt. Skriv vad det är, var det finns (diarienummer eller länk) och vilken dag "
            "det är från, eller töm alla tre fälten."
        )
    if on > today:
        raise UserError(f"Underlagets dag, {on}, har inte varit ännu. Skriv den dag som underlaget är från.")
    return Reference(told, at, on)


def attach(connection: Connection, viewer: Viewer, to: Assessment, reference: Reference, at: datetime) -> None:
    """Keep it with the assessment, in the transaction that signs it."""
    kind = EvidenceKind.LINK if reference.is_link else EvidenceKind.REGISTRATION_NUMBER
    given = Given(kind, reference.label, reference.where, reference.on)
    add_evidence(connection, viewer, About.ASSESSMENT, to.number, given, today=clock.local(at).date(), at=at)


def references(connection: Connection, numbers: Collection[int]) -> dict[int, tuple[Reference, ...]]:
    """The evidence of assessments by their numbers, in the order it was added. The caller has read the assessments."""
    rows = connection.execute(
        select(evidence.c.about_no, evidence.c.label, evidence.c.reference, evidence.c.evidence_on)
        .where(evidence.c.about == About.ASSESSMENT, evidence.c.about_no.in_(sorted(numbers)))
        .order_by(evidence.c.evidence_no)
    )
    found: dict[int, tuple[Reference, ...]] = {}
    for row in rows:
        told = Reference(row.label, row.reference or "", row.evidence_on)
        found[row.about_no] = (*found.get(row.about_no, ()), told)
    return found
