"""One figure of the definitions file: its meaning, and the words, targets and review around it."""

from __future__ import annotations

from kpi.build_facts import Reporter
from kpi.build_meaning import Header, MeaningBuilder
from kpi.definition import AuditReference, Decision, Definition, Rebase, Review, Target
from kpi.meaning_hash import datasets_read, hash_of
from kpi.period import Period
from kpi.schema import ContextEntry, FigureEntry, TargetEntry
from kpi.yaml_tree import Path as KeyPath


def build_definition(id_: str, entry: FigureEntry, header: Header, report: Reporter) -> Definition | None:
    """A typed figure, or None when it has problems (all reported)."""
    meaning = MeaningBuilder(id_, entry, header, report).meaning()
    path: KeyPath = ("figures", id_)
    targets = [_target(id_, (*path, "targets", at), one, report) for at, one in enumerate(entry.targets)]
    watch = _target(id_, (*path, "watch"), entry.watch, report) if entry.watch else None
    review = _review(id_, path, entry, report)
    if meaning is None:
        return None
    shown = dict(entry.parameters) | {k: v for one in meaning.measures if one.span for k, v in one.span.parameters}
    return Definition(
        id=id_,
        name=entry.name,
        why=entry.why,
        description=entry.description,
        meaning=meaning,
        definition_hash=hash_of(meaning, header.facts),
        datasets=datasets_read(meaning, header.facts),
        unit=entry.unit,
        decimals=entry.decimals,
        direction=entry.direction,
        control=entry.control,
        release_class=entry.release_class,
        audit=AuditReference(entry.audit.report, entry.audit.section, entry.audit.gist),
        audit_question=entry.audit_question,
        areas=tuple(entry.areas),
        owner_role=entry.owner_role,
        minimum_cases=entry.minimum_cases,
        targets=tuple(one for one in targets if one is not None),
        parameters=tuple(shown.items()),
        watch=watch,
        beside=tuple(entry.beside or ()),
        series=tuple(entry.series.items()) if isinstance(entry, ContextEntry) else (),
        chart=entry.chart,
        rebases=tuple(Rebase(Period.parse(one.first), one.note, one.board, one.municipality) for one in entry.rebases),
        review=review,
        next_review=entry.next_review,
    )


def _target(id_: str, path: KeyPath, entry: TargetEntry, report: Reporter) -> Target | None:
    """A typed target line; None when it is faulty (reported)."""
    if (entry.at_least is None) == (entry.at_most is None):
        report.add(path, f"målet i {id_} ska ha antingen at_least eller at_most. Behåll eller lägg till ett")
        return None
    decided = entry.decision
    decision = Decision(decided.date, decided.paragraph, decided.dnr) if decided else None
    first = Period.parse(entry.first)
    return Target(first, entry.at_least, entry.at_most, entry.near, entry.board, entry.municipality, decision)


def _review(id_: str, path: KeyPath, entry: FigureEntry, report: Reporter) -> Review | None:
    """Who has checked the figure; the three keys go together."""
    if entry.checked_by and entry.reviewed_on and entry.reviewed_meaning:
        return Review(entry.checked_by, entry.reviewed_on, entry.reviewed_meaning)
    keys = ("checked_by", "reviewed_on", "reviewed_meaning")
    given = [key for key in keys if getattr(entry, key)]
    if given:
        together = "checked_by, reviewed_on och reviewed_meaning. Fyll i alla tre eller ta bort dem"
        report.add((*path, given[0]), f"granskningen av {id_} behöver {together}")
    return None
