"""One figure of the definitions file, typed against its fact; and the hash of what it means."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum

from kpi.build_facts import Conditions, Reporter, datasets_of, fact_scope
from kpi.definition import (
    AuditReference,
    Decision,
    Definition,
    Fact,
    Kind,
    Meaning,
    Span,
    Target,
)
from kpi.expression import parse, parse_condition, parse_day
from kpi.period import Period, PeriodType
from kpi.schema import CountFigure, Figure, MedianFigure, RateFigure, RatioFigure, StockFigure, TargetEntry
from kpi.source import Path as KeyPath
from kpi.tokens import ExpressionError, Scope, suggestion
from kpi.tree import Node, Type
from warehouse.contract import LEVELS

_COMPILER = 1
"""Raised when the compiler gives the same definition other values: every figure is then computed anew."""
_PARTS = {
    "by": "perioddatumet", "where": "urvalet", "denominator": "nämnaren", "numerator": "täljaren", "value": "värdet",
}  # fmt: skip
_POPULATION = "population"


class _Faulty(Exception):
    """The figure has a problem that has been reported."""


def build_definition(
    id_: str,
    entry: Figure,
    facts: Mapping[str, Fact],
    spans: Mapping[str, Span],
    conditions: Conditions,
    report: Reporter,
) -> Definition | None:
    """A typed figure, or None when it has problems (all reported)."""
    builder = _FigureBuilder(id_, entry, facts[entry.fact], spans, conditions, report)
    meaning = builder.meaning()
    targets = tuple(
        target for at, one in enumerate(entry.targets) if (target := builder.target(("targets", at), one)) is not None
    )
    watch = builder.target(("watch",), entry.watch) if entry.watch else None
    builder.check_targets()
    if meaning is None or builder.is_faulty:
        return None
    datasets = datasets_of(facts[entry.fact], facts)
    if meaning.kind is Kind.RATE_PER:
        datasets = tuple(sorted({*datasets, _POPULATION}))
    return Definition(
        id=id_,
        name=entry.name,
        why=entry.why,
        description=entry.description,
        meaning=meaning,
        definition_hash=hash_of(meaning, facts),
        datasets=datasets,
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
        targets=targets,
        parameters=tuple(entry.parameters.items()),
        watch=watch,
    )


def hash_of(meaning: Meaning, facts: Mapping[str, Fact]) -> str:
    """SHA-256 of the figure's meaning and of every fact it reads; texts, targets and layout are not in it."""
    read: dict[str, Fact] = {}
    waiting = [meaning.fact]
    while waiting:
        fact = facts[waiting.pop()]
        read[fact.name] = fact
        waiting += [join.fact for join in fact.joins]
    content = [_COMPILER, as_json(meaning), [as_json(read[name]) for name in sorted(read)]]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def as_json(value: object) -> object:
    """A frozen type as JSON that keeps which type each node was; a fact's title is a text and left out."""
    if is_dataclass(value):
        content = {one.name: as_json(getattr(value, one.name)) for one in fields(value) if one.name != "title"}
        return {"is": type(value).__name__, **content}
    if isinstance(value, tuple):
        return [as_json(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


class _FigureBuilder:
    def __init__(
        self, id_: str, entry: Figure, fact: Fact, spans: Mapping[str, Span], conditions: Conditions, report: Reporter
    ) -> None:
        self._id = id_
        self._entry = entry
        self._fact = fact
        self._spans = spans
        self._scope: Scope = fact_scope(fact, conditions, entry.parameters)
        self._report = report
        self.is_faulty = False

    def meaning(self) -> Meaning | None:
        """What the figure counts; None when any part is faulty."""
        entry = self._entry
        common = (Kind(entry.kind), entry.fact, PeriodType(entry.period), self._levels())
        found: Meaning
        match entry:
            case CountFigure():
                by, where, split = (
                    self._day("by", entry.by),
                    self._maybe("where", entry.where),
                    self._split(entry.split),
                )
                found = Meaning(*common, by=by, where=where, amount=self._number_column(entry.sum), split=split)
            case RatioFigure():
                by, where = self._day("by", entry.by), self._maybe("denominator", entry.denominator)
                numerator = self._maybe("numerator", entry.numerator)
                found = Meaning(*common, by=by, where=where, numerator=numerator, split=self._split(entry.split))
            case MedianFigure():
                by, where = self._day("by", entry.by), self._maybe("where", entry.where)
                found = Meaning(*common, by=by, where=where, value=self._number("value", entry.value))
            case StockFigure():
                found = Meaning(*common, span=self._span(entry.span))
            case RateFigure():
                by, where = self._day("by", entry.by), self._maybe("where", entry.where)
                found = Meaning(*common, by=by, where=where, per=entry.per)
                if LEVELS.index(entry.smallest_level) > LEVELS.index("municipality"):
                    self.fail(
                        ("smallest_level",), f"{self._id} delar med kommunens barn och kan inte gå under kommunen"
                    )
        for name in entry.parameters.keys() - self._scope.used:
            self.fail(("parameters", name), f"parametern {name} i {self._id} används aldrig")
        return None if self.is_faulty else found

    def target(self, path: KeyPath, entry: TargetEntry) -> Target | None:
        """A typed target line; None when it is faulty."""
        if (entry.at_least is None) == (entry.at_most is None):
            self.fail(path, f"målet i {self._id} ska ha antingen at_least eller at_most")
            return None
        if entry.near is not None and entry.near < 0:
            return None
        try:
            first = Period.parse(entry.first)
        except ValueError as error:
            self.fail((*path, "from"), str(error).rstrip("."))
            return None
        decided = entry.decision
        decision = Decision(decided.date, decided.paragraph, decided.dnr) if decided else None
        return Target(first, entry.at_least, entry.at_most, entry.near, entry.board, entry.municipality, decision)

    def check_targets(self) -> None:
        """A counterpart's figure has a watch level and no target; every other figure the reverse."""
        if self._entry.control == "counterpart" and self._entry.targets:
            self.fail(("targets",), f"{self._id} styrs av motparten och har ”watch” i stället för mål")
        if self._entry.control != "counterpart" and self._entry.watch:
            self.fail(("watch",), f"{self._id} styrs inte av motparten och har ”targets” i stället för ”watch”")
        wrong = {"increase": "at_most", "decrease": "at_least"}.get(self._entry.direction)
        for at, one in enumerate(self._entry.targets):
            if wrong is not None and getattr(one, wrong) is not None:
                self.fail(("targets", at, wrong), f"målet i {self._id} ligger på fel sida: riktningen är "
                          f"{self._entry.direction} men målet {wrong}")  # fmt: skip

    def fail(self, path: KeyPath, message: str, offset: int | None = None) -> None:
        """Report a problem with the figure."""
        self.is_faulty = True
        self._report.add(("figures", self._id, *path), message, offset)

    def _levels(self) -> tuple[str, ...]:
        return LEVELS[: LEVELS.index(self._entry.smallest_level) + 1]

    def _maybe(self, part: str, text: str | None) -> Node | None:
        return None if text is None else self._parsed(part, lambda: parse_condition(text, self._scope))

    def _day(self, part: str, text: str) -> Node | None:
        return self._parsed(part, lambda: parse_day(text, self._scope))

    def _number(self, part: str, text: str) -> Node | None:
        node = self._parsed(part, lambda: parse(text, self._scope))
        if node is not None and node.type.type is not Type.NUMBER:
            self.fail((part,), f"{_PARTS[part]} i {self._id} ska vara ett tal", 0)
        return node

    def _parsed(self, part: str, read: Callable[[], Node]) -> Node | None:
        try:
            return read()
        except ExpressionError as error:
            self.fail((part,), f"{_PARTS[part]} i {self._id} {error}", error.offset)
            return None

    def _number_column(self, name: str | None) -> str | None:
        if name is None:
            return None
        type_ = self._scope.columns.get(name)
        if type_ is None:
            self._unknown_column(("sum",), name)
        elif type_.type is not Type.NUMBER:
            self.fail(("sum",), f"”{name}” i {self._id} är inget tal och går inte att summera", 0)
        return name

    def _split(self, names: list[str] | None) -> tuple[str, ...]:
        for at, name in enumerate(names or ()):
            if name not in self._scope.columns:
                self._unknown_column(("split", at), name)
        return tuple(names or ())

    def _span(self, name: str) -> Span | None:
        if name not in self._spans:
            self.fail(("span",), f"{self._id} använder ”{name}”, som inte finns bland spans."
                      f"{suggestion(name, list(self._spans))}", 0)  # fmt: skip
            return None
        span = self._spans[name]
        if span.fact != self._entry.fact:
            self.fail(("span",), f"”{name}” gäller underlaget {span.fact}, inte {self._entry.fact}", 0)
        return span

    def _unknown_column(self, path: KeyPath, name: str) -> None:
        self.fail(path, f"{self._id} använder ”{name}”, som inte finns i {self._scope.source}."
                  f"{suggestion(name, list(self._scope.columns))}")  # fmt: skip
