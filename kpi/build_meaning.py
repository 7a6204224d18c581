"""A figure's kind → its meaning, typed against its facts.

A kind is the author's word for what a figure is; here it becomes one or two measures (`kpi.definition.Measure`), so
that nothing after this needs to know most kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from kpi.build_facts import Conditions, Reporter, fact_scope
from kpi.definition import Fact, Kind, Meaning, Measure, Part, Roster, Shape, Span
from kpi.expression import parse, parse_condition, parse_day
from kpi.period import Period, PeriodType
from kpi.schema import (
    ContextEntry,
    CountedEntry,
    CountEntry,
    DistinctEntry,
    DistributionEntry,
    FigureEntry,
    FlowEntry,
    GapEntry,
    LevelEntry,
    MedianEntry,
    PercentileEntry,
    RateEntry,
    RatioEntry,
    RecurringEntry,
    StockEntry,
)
from kpi.tokens import ExpressionError, Scope, suggestion
from kpi.tree import And, Column, ColumnType, Compare, Comparison, In, Node, Shift, Step, Type
from kpi.yaml_tree import Path as KeyPath
from warehouse.contract import LEVELS

_PARTS = {
    "by": "perioddatumet", "due": "dagen för ”due”", "where": "urvalet", "denominator": "nämnaren",
    "numerator": "täljaren", "value": "värdet", "group": "gruppen", "other": "den andra gruppen",
}  # fmt: skip
_CHILDREN = "children"
_BOARD = LEVELS.index("board")
GROUP = "group"
"""A column that every fact has for splitting: whether the row's unit is a board (then its members) or not (staff)."""
GROUPS = ("staff", "board_members")

_WRONG: Node = In(Column("", ColumnType(Type.BOOLEAN)), ())
"""Stands for an expression that has been reported as faulty; no figure is built with it."""


class _Faulty(Exception):
    """The figure has a problem that has been reported."""


@dataclass(frozen=True)
class Header:
    """What the file's header declares, for its figures."""

    facts: Mapping[str, Fact]
    spans: Mapping[str, Span]
    conditions: Conditions
    faulty: frozenset[str]
    """Names of facts and spans that are there but wrong: reported already."""


class MeaningBuilder:
    """Builds one figure; every method reports what is wrong."""

    def __init__(self, id_: str, entry: FigureEntry, header: Header, report: Reporter) -> None:
        self._id = id_
        self._entry = entry
        self._header = header
        self._report = report
        self._used: set[str] = set()
        self.is_faulty = False

    def meaning(self) -> Meaning | None:
        """What the figure counts; None when any part is faulty."""
        try:
            found = self._meaning()
        except _Faulty:
            return None
        for name in self._entry.parameters.keys() - self._used:
            message = f"parametern {name} i {self._id} används aldrig. Ta bort den eller använd den"
            self._report.add(("figures", self._id, "parameters", name), message)  # the rest can still be judged
        return None if self.is_faulty else found

    def _meaning(self) -> Meaning:  # noqa: C901  # one branch a kind
        entry = self._entry
        shape, measures, more = Shape.COUNT, list[Measure](), dict[str, object]()
        match entry:
            case CountEntry() | FlowEntry():
                scope = self._scope(entry.fact)
                measures = [self._counted(entry, scope, where=entry.where, amount=entry.sum, adds=Part.DENOMINATOR)]
                more["split"] = self._split(entry.split, scope)
            case RatioEntry():
                shape, scope = Shape.SHARE, self._scope(entry.fact)
                numerator = self._numerator(entry.numerator, entry.sum, scope)
                last_of = tuple(entry.last_of or ())
                self._require_columns("last_of", last_of, scope)
                measures = [self._counted(entry, scope, ("denominator", entry.denominator), amount=entry.sum,
                                          numerator=numerator, last_of=last_of)]  # fmt: skip
                more["split"] = self._split(entry.split, scope)
            case RecurringEntry():
                shape, scope = Shape.SHARE, self._scope(entry.fact)
                measures = [self._counted(entry, scope, where=entry.where, numerator=self._recurs(entry, scope))]
            case DistributionEntry():
                shape, scope = Shape.SHARE, self._scope(entry.fact)
                measures = [self._counted(entry, scope, where=entry.where, amount=entry.sum,
                                          numerator=self._good(entry, scope), parts=entry.scale)]  # fmt: skip
            case GapEntry():
                shape, scope = Shape.GAP, self._scope(entry.fact)
                numerator = self._numerator(entry.numerator, entry.sum, scope)
                common = self._maybe("denominator", entry.denominator, scope)
                for side, part in ((1, "group"), (2, "other")):
                    one = self._condition(part, getattr(entry, part), scope)
                    measure = self._counted(entry, scope, amount=entry.sum, numerator=numerator, side=side,
                                            found=one if common is None else And(common, one))  # fmt: skip
                    measures.append(measure)
                self._require_columns("same", (entry.same,) if entry.same else (), scope)
                more["match"] = entry.same
            case RateEntry():
                shape, scope = Shape.RATE, self._scope(entry.fact)
                counted = self._counted(entry, scope, where=entry.where, amount=entry.sum, adds=Part.NUMERATOR)
                measures = [counted, *self._divisor(entry)]
                more["per"] = entry.per
            case MedianEntry() | PercentileEntry():
                shape, scope = Shape.NUMBER, self._scope(entry.fact)
                measures = [self._counted(entry, scope, where=entry.where)]
                more["value"] = self._number("value", entry.value, scope)
                more["fraction"] = entry.percentile / 100 if isinstance(entry, PercentileEntry) else 0.5
            case DistinctEntry():
                scope = self._scope(entry.fact)
                measures = [self._counted(entry, scope, where=entry.where, adds=Part.DENOMINATOR)]
                shape, more = self._distinct(entry, scope)
            case StockEntry():
                measures, shape = self._stock(entry)
            case ContextEntry():
                shape, more["series"] = Shape.NUMBER, tuple(entry.series)
                more["split"] = ("series",) if len(entry.series) > 1 else ()
            case LevelEntry():
                shape, scope = Shape.NUMBER, self._scope(entry.fact)
                measures = [self._counted(entry, scope, where=entry.where)]
                more["value"] = self._number_column("grade", entry.grade, scope)
                more["split"] = self._split(entry.split, scope)
        if isinstance(entry, CountedEntry):
            more["rolling"] = entry.rolling or 0
        return Meaning(
            Kind(entry.kind), shape, PeriodType(entry.period), self._levels(), tuple(measures),
            first=_month(entry.valid_from), last=_month(entry.valid_to),
            **more,  # type: ignore[arg-type]  # the keys are Meaning's own
        )  # fmt: skip

    # --- measures

    def _counted(
        self,
        entry: CountedEntry,
        scope: Scope,
        denominator: tuple[str, str | None] | None = None,
        *,
        where: str | None = None,
        found: Node | None = None,
        amount: str | None = None,
        numerator: Node | None = None,
        adds: Part = Part.BOTH,
        side: int = 0,
        last_of: tuple[str, ...] = (),
        parts: str | None = None,
    ) -> Measure:
        part, text = denominator or ("where", where)
        return Measure(
            entry.fact,
            day=self._parsed("by", lambda: parse_day(entry.by, scope)),
            due=self._parsed("due", lambda: parse_day(entry.due or "", scope)) if entry.due else None,
            where=found or self._maybe(part, text, scope),
            amount=self._number_column("sum", amount, scope),
            numerator=numerator,
            adds=adds,
            side=side,
            last_of=last_of,
            parts=parts,
        )

    def _numerator(self, text: str, weight: str | None, scope: Scope) -> Node:
        node = self._parsed("numerator", lambda: parse(text, scope))
        wanted = (Type.BOOLEAN, Type.NUMBER) if weight else (Type.BOOLEAN,)
        if node is not _WRONG and node.type.type not in wanted:
            self._stop(("numerator",), f"täljaren i {self._id} ska vara ett villkor, eller ett tal bredvid ”sum”", 0)
        return node

    def _recurs(self, entry: RecurringEntry, scope: Scope) -> Node:
        self._require_columns("previous", (entry.previous,), scope)
        months = entry.parameters.get(entry.within_months)
        if months is None:
            self._stop(
                ("within_months",),
                f"”{entry.within_months}” finns inte bland parametrarna i {self._id}. Lägg till det under ”parameters”",
                0,
            )
        self._used.add(entry.within_months)
        previous = Column(entry.previous, scope.columns[entry.previous])
        return Compare(Comparison.AT_MOST, self._parsed("by", lambda: parse_day(entry.by, scope)),
                       Shift(previous, months, Step.MONTHS))  # fmt: skip

    def _good(self, entry: DistributionEntry, scope: Scope) -> Node:
        self._require_columns("scale", (entry.scale,), scope)
        return self._condition("numerator", f"{entry.scale} in ({', '.join(entry.good)})", scope, at=("good",))

    def _divisor(self, entry: RateEntry) -> list[Measure]:
        if entry.population == _CHILDREN:
            if LEVELS.index(entry.smallest_level) > LEVELS.index("municipality"):
                self.fail(
                    ("smallest_level",),
                    f"{self._id} delar med kommunens barn och kan inte gå under kommunen. Skriv municipality",
                )
            return []
        span = self._span("population", entry.population, [_CHILDREN])
        return [Measure(span.fact, span=span, adds=Part.DENOMINATOR)]

    def _distinct(self, entry: DistinctEntry, scope: Scope) -> tuple[Shape, dict[str, object]]:
        self._require_columns("distinct", (entry.distinct,), scope)
        if (entry.among is None) != (entry.count is None):
            self._stop(("count",), f"”among” och ”count” i {self._id} hör ihop: ange båda eller ingen")
        if entry.among is None:
            return Shape.COUNT, {"distinct": entry.distinct}
        if entry.distinct not in self._header.facts[entry.fact].unit or LEVELS.index(entry.smallest_level) > 4:
            self._stop(("distinct",), f"”among: units” i {self._id} räknar enheter: ange underlagets enhet som "
                       "”distinct” och en nivå över enheten", 0)  # fmt: skip
        return Shape.SHARE, {"roster": Roster(entry.count == "without")}

    def _stock(self, entry: StockEntry) -> tuple[list[Measure], Shape]:
        span = self._span("span", entry.span)
        scope = self._scope(span.fact)
        where = self._maybe("where", entry.where, scope)
        if entry.numerator and entry.numerator_span:
            self._stop(("numerator_span",), f"{self._id} har både ”numerator” och ”numerator_span”. Behåll det ena")
        if entry.numerator is None and entry.numerator_span is None:
            return [Measure(span.fact, span=span, where=where, adds=Part.DENOMINATOR)], Shape.COUNT
        if entry.numerator is not None:
            numerator = self._condition("numerator", entry.numerator, scope)
            return [Measure(span.fact, span=span, where=where, numerator=numerator)], Shape.SHARE
        part = self._span("numerator_span", entry.numerator_span or "")
        return [
            Measure(span.fact, span=span, where=where, adds=Part.DENOMINATOR),
            Measure(part.fact, span=part, where=where if part.fact == span.fact else None, adds=Part.NUMERATOR),
        ], Shape.SHARE

    # --- pieces

    def fail(
        self, path: KeyPath, message: str, offset: int | None = None, cause: ExpressionError | None = None
    ) -> None:
        """Report a problem with the figure."""
        self.is_faulty = True
        self._report.add(("figures", self._id, *path), message, offset, cause)

    def _stop(self, path: KeyPath, message: str, offset: int | None = None) -> NoReturn:
        self.fail(path, message, offset)
        raise _Faulty

    def _scope(self, fact: str) -> Scope:
        facts = self._header.facts
        if fact not in facts:
            if fact in self._header.faulty:
                raise _Faulty
            usable = ", ".join(name for name, one in facts.items() if one.unit)
            near = f"{suggestion(fact, list(facts))} Underlagen är: {usable}"
            self._stop(("fact",), f"underlaget ”{fact}” finns inte bland facts.{near}", 0)
        if not facts[fact].unit:
            self._stop(
                ("fact",), f"underlaget ”{fact}” har ingen enhet och går bara att hämta ur. Välj ett med ”unit”", 0
            )
        scope = fact_scope(facts[fact], self._header.conditions, self._entry.parameters)
        return Scope(scope.source, scope.columns, scope.conditions, scope.parameters, self._used)

    def _span(self, part: str, name: str, others: Iterable[str] = ()) -> Span:
        spans = self._header.spans
        if name not in spans:
            if name in self._header.faulty:
                raise _Faulty
            self._stop((part,), f"{self._id} använder ”{name}”, som inte finns bland spans."
                       f"{suggestion(name, [*spans, *others])}", 0)  # fmt: skip
        self._scope(spans[name].fact)
        return spans[name]

    def _levels(self) -> tuple[str, ...]:
        smallest = LEVELS.index(self._entry.smallest_level)
        if isinstance(self._entry, ContextEntry):
            return (LEVELS[smallest],)
        if isinstance(self._entry, LevelEntry):
            if smallest < _BOARD:
                told = "är en bedömd nivå, som bara visas där den gavs. Skriv board, administration eller unit"
                self.fail(("smallest_level",), f"{self._id} {told}", 0)
            return LEVELS[_BOARD : smallest + 1]
        return LEVELS[: smallest + 1]

    def _maybe(self, part: str, text: str | None, scope: Scope) -> Node | None:
        return None if text is None else self._condition(part, text, scope)

    def _condition(self, part: str, text: str, scope: Scope, at: KeyPath | None = None) -> Node:
        return self._parsed(part, lambda: parse_condition(text, scope), at)

    def _number(self, part: str, text: str, scope: Scope) -> Node:
        node = self._parsed(part, lambda: parse(text, scope))
        if node is not _WRONG and node.type.type is not Type.NUMBER:
            self.fail((part,), f"{_PARTS[part]} i {self._id} ska vara ett tal, till exempel days between …", 0)
        return node

    def _parsed(self, part: str, read: Callable[[], Node], at: KeyPath | None = None) -> Node:
        """What the text means; `_WRONG` when it is faulty (reported), so that the rest is judged too."""
        try:
            return read()
        except ExpressionError as error:
            for one in error.all:
                self.fail(at or (part,), f"{_PARTS[part]} i {self._id} {one}", None if at else one.offset, one)
            return _WRONG

    def _number_column(self, part: str, name: str | None, scope: Scope) -> Node | None:
        if name is None:
            return None
        self._require_columns(part, (name,), scope)
        if scope.columns[name].type is not Type.NUMBER:
            self._stop((part,), f"”{name}” i {self._id} är inget tal. Välj en kolumn med tal", 0)
        return Column(name, scope.columns[name])

    def _split(self, names: list[str] | None, scope: Scope) -> tuple[str, ...]:
        for at, name in enumerate(names or ()):
            if name != GROUP and name not in scope.columns:
                self.fail(("split", at), self._unknown(name, scope), 0)
        return tuple(names or ())

    def _require_columns(self, part: str, names: Iterable[str], scope: Scope) -> None:
        for name in names:
            if name not in scope.columns:
                self._stop((part,), self._unknown(name, scope), 0)

    def _unknown(self, name: str, scope: Scope) -> str:
        return f"{self._id} använder ”{name}”, som inte finns i {scope.source}.{suggestion(name, list(scope.columns))}"


def _month(text: str | None) -> Period | None:
    return Period.parse(text) if text else None
