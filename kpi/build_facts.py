"""Facts and spans of the definitions file, typed against the delivery contract."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import partial
from typing import Protocol

from kpi.definition import Branch, Exit, Fact, Grouping, Join, Neighbour, Pairs, Span, Unless
from kpi.expression import parse, parse_condition, parse_day
from kpi.schema import BranchEntry, ExitEntry, FactEntry, NeighbourEntry, SpanEntry
from kpi.tokens import ExpressionError, Scope, suggestion
from kpi.tree import And, Column, ColumnType, IsMissing, Node, Not, Type, type_of
from kpi.yaml_tree import Path as KeyPath
from kpi.yaml_tree import spoken
from warehouse.contract import DATASETS, NEVER_COUNTED, Dataset

MUNICIPALITY = "municipality_code"
_CHOOSE = " Välj en av leveransens eller underlagets kolumner"
Conditions = Mapping[str, str]
Columns = dict[str, ColumnType]


class Reporter(Protocol):
    """Where problems go."""

    def add(self, path: KeyPath, message: str, offset: int | None = None, cause: ExpressionError | None = None) -> None:
        """A problem with the value at the path; `cause`: what the expression there could not be."""


class _Faulty(Exception):
    """The entry has a problem that has been reported; it is left out of the catalogue."""


def build_fact(
    name: str,
    entry: FactEntry,
    facts: Mapping[str, Fact],
    conditions: Conditions,
    report: Reporter,
    faulty: Collection[str] = (),
) -> Fact | None:
    """A typed fact, or None when it has problems (reported). It may join facts declared above it; one that joins any of
    `faulty`, which are reported already, is left out in silence."""
    try:
        if any(one in faulty for one in entry.join):
            return None
        return _Builder(("facts", name), conditions, report).fact(name, entry, facts)
    except _Faulty:
        return None


def build_span(name: str, entry: SpanEntry, fact: Fact, conditions: Conditions, report: Reporter) -> Span | None:
    """A typed span over a fact, or None when it has problems (reported)."""
    builder = _Builder(("spans", name), conditions, report)
    scope = fact_scope(fact, conditions, entry.parameters)
    ends = []
    try:
        for at, one in enumerate(entry.until):
            path: KeyPath = (*builder.path, "until", at)
            if isinstance(one, ExitEntry):
                where = one.where and builder.condition((*path, "where"), one.where, scope)
                ends.append(Exit(builder.day((*path, "day"), one.day, scope), where or None))
            else:
                ends.append(Exit(builder.day(path, one, scope)))
        where = entry.where and builder.condition((*builder.path, "where"), entry.where, scope)
        if isinstance(entry.start, list):
            paths = [(*builder.path, "from", at) for at in range(len(entry.start))]
            starts = tuple(builder.day(path, text, scope) for path, text in zip(paths, entry.start, strict=True))
        else:
            starts = (builder.day((*builder.path, "from"), entry.start, scope),)
    except _Faulty:
        return None
    if builder.is_faulty:
        return None
    for unused in entry.parameters.keys() - scope.used:
        message = f"parametern {unused} i {name} används aldrig. Ta bort den eller använd den"
        report.add((*builder.path, "parameters", unused), message)
    return Span(name, fact.name, where or None, starts, tuple(ends), tuple(entry.parameters.items()))


def fact_scope(fact: Fact, conditions: Conditions, parameters: Mapping[str, int] | None = None) -> Scope:
    """What expressions over a fact may name."""
    return Scope(_source(fact), dict(fact.columns), conditions, parameters or {})


def dataset_of(branch: Branch) -> Dataset:
    """The contract's dataset that a branch reads."""
    return DATASETS[branch.dataset]


def _source(fact: Fact) -> str:
    datasets = sorted({branch.dataset for branch in fact.branches})
    return f"leveransen {datasets[0]}" if len(datasets) == 1 and not fact.joins else f"underlaget {fact.name}"


def columns_of(dataset: Dataset) -> Columns:
    """The columns that expressions may name; a person or a free text is never one of them."""
    return {field.name: type_of(field) for field in dataset.fields if field.kind not in NEVER_COUNTED}


class _Builder:
    """Builds one entry of the header; every method reports what is wrong, and raises `_Faulty` where the rest cannot be
    judged without it."""

    def __init__(self, path: KeyPath, conditions: Conditions, report: Reporter) -> None:
        self.path = path
        self._conditions = conditions
        self._report = report
        self.is_faulty = False

    def fact(self, name: str, entry: FactEntry, facts: Mapping[str, Fact]) -> Fact:
        """Branches, then grouping, joins and first-of; the columns are those of the last step."""
        branches, columns = self._branches(entry)
        key = tuple(entry.key or ())
        grouping, columns = self._grouping(entry, columns)
        joins = []
        for joined, join_entry in entry.join.items():
            path: KeyPath = (*self.path, "join", joined)
            if joined not in facts:
                self._fail(
                    path, f"underlaget ”{joined}” ska stå ovanför det som hämtar ur det.{suggestion(joined, facts)}"
                )
            scope = fact_scope(facts[joined], self._conditions)
            take = self._take((*path, "take"), join_entry.take, scope)
            self._require((*path, "on"), join_entry.on, columns)
            self._require((*path, "on"), join_entry.on, scope.columns)
            if set(join_entry.on) != self._unique(facts[joined]):
                unique = ", ".join(sorted(self._unique(facts[joined])))
                self._fail((*path, "on"), f"”on” ska vara det som skiljer raderna åt i {joined}: [{unique}]")
            for pair_name, node in take:
                self._add_column((*path, "take", pair_name), pair_name, node.type, columns)
            joins.append(Join(joined, tuple(join_entry.on), take))
        for new, names in entry.first_of.items():
            path = (*self.path, "first_of", new)
            self._require(path, names, columns)
            if len({columns[one].type for one in names}) != 1:
                self._fail(path, f"kolumnerna i {new} ska vara av samma slag, till exempel alla datum")
            self._add_column(path, new, columns[names[0]], columns)
        unit = (entry.unit,) if isinstance(entry.unit, str) else tuple(entry.unit or ())
        self._require((*self.path, "unit"), unit, columns)
        first_of = tuple((new, tuple(names)) for new, names in entry.first_of.items())
        keep_scope = Scope(f"underlaget {name}", dict(columns), self._conditions)
        keep = self.condition((*self.path, "keep"), entry.keep, keep_scope) if entry.keep else None
        neighbours = (
            *self._neighbours("previous", entry.previous, columns),
            *self._neighbours("next", entry.next, columns),
        )
        if self.is_faulty:
            raise _Faulty
        fact = Fact(
            name, entry.title, key, branches, grouping, tuple(joins), first_of, keep, neighbours, unit,
            MUNICIPALITY in columns, tuple(columns.items()),
        )  # fmt: skip
        self._check_key(fact, facts)
        return fact

    def _neighbours(self, part: str, entries: Mapping[str, NeighbourEntry], columns: Columns) -> list[Neighbour]:
        found = []
        for new, entry in entries.items():
            path: KeyPath = (*self.path, part, new)
            self._require((*path, "by"), entry.by, columns)
            self._require((*path, "day"), [entry.day], columns)
            if columns[entry.day].type is not Type.DAY:
                self._fail((*path, "day"), f"”{entry.day}” är inget datum. Välj en kolumn med datum")
            self._add_column(path, new, ColumnType(Type.DAY), columns)
            found.append(Neighbour(new, entry.day, tuple(entry.by), part == "next"))
        return found

    def day(self, path: KeyPath, text: str, scope: Scope) -> Node:
        """A typed day."""
        return self._parsed(path, lambda: parse_day(text, scope), Column("", ColumnType(Type.DAY)))

    def condition(self, path: KeyPath, text: str, scope: Scope) -> Node:
        """A typed condition."""
        return self._parsed(path, lambda: parse_condition(text, scope), IsMissing(Column("", ColumnType(Type.DAY))))

    def _branches(self, entry: FactEntry) -> tuple[tuple[Branch, ...], Columns]:
        if (entry.union is None) == (entry.dataset is None):
            self._fail(self.path, "underlaget ska ha antingen ”from” (en leverans) eller ”union” (flera)")
        if entry.union is None:
            single = BranchEntry.model_validate({"from": entry.dataset, "where": entry.where, "take": entry.take})
            branch = self._branch(self.path, single)
            return (branch,), {name: node.type for name, node in branch.take}
        if entry.where or entry.take:
            self._fail(self.path, "”where” och ”take” ska stå i unionens delar, inte bredvid den. Flytta in dem")
        branches = tuple(
            branch for at, one in enumerate(entry.union) for branch in self._branches_of((*self.path, "union", at), one)
        )
        shapes = [{name: node.type.type for name, node in branch.take} for branch in branches]
        if odd := sorted({name for shape in shapes for name, _ in shape.items() ^ shapes[0].items()}):
            message = "unionens delar ska ha samma kolumner av samma slag. Det som skiljer: "
            self._fail((*self.path, "union"), message + ", ".join(odd))
        return branches, {name: node.type for name, node in branches[0].take}

    def _branches_of(self, path: KeyPath, entry: BranchEntry) -> list[Branch]:
        """The branch, or one per day of its `each`, which holds the rows where that day is given."""
        branch = self._branch(path, entry)
        if entry.each is None:
            return [branch]
        [(new, days)] = entry.each.items()
        columns = columns_of(dataset_of(branch))
        self._require((*path, "each", new), days, columns)
        found = []
        for name in days:
            day = Column(name, columns[name])
            if day.type.type is not Type.DAY:
                self._fail((*path, "each", new), f"”{name}” är inget datum. Välj kolumner med datum")
            given = Not(IsMissing(day))
            where = given if branch.where is None else And(branch.where, given)
            found.append(Branch(branch.dataset, (*branch.take, (new, day)), where, branch.unless))
        return found

    def _branch(self, path: KeyPath, entry: BranchEntry) -> Branch:
        dataset = self._dataset((*path, "from"), entry.dataset)
        scope = Scope(f"leveransen {dataset.name}", columns_of(dataset), self._conditions)
        where = self.condition((*path, "where"), entry.where, scope) if entry.where else None
        unless = None
        if entry.unless is not None:
            inside: KeyPath = (*path, "unless")
            other = self._dataset((*inside, "dataset"), entry.unless.dataset)
            other_scope = Scope(f"leveransen {other.name}", columns_of(other), self._conditions)
            self._require((*inside, "on"), entry.unless.on, scope.columns)
            self._require((*inside, "on"), entry.unless.on, other_scope.columns)
            condition = (
                self.condition((*inside, "where"), entry.unless.where, other_scope) if entry.unless.where else None
            )
            unless = Unless(other.name, tuple(entry.unless.on), condition)
        if entry.take is None:
            take: Pairs = tuple((name, Column(name, type_)) for name, type_ in scope.columns.items())
        else:
            take = self._take((*path, "take"), entry.take, scope)
        return Branch(dataset.name, take, where, unless)

    def _grouping(self, entry: FactEntry, columns: Columns) -> tuple[Grouping | None, Columns]:
        if entry.by is None:
            if entry.min or entry.max or entry.any or entry.every:
                self._fail(self.path, "”min”, ”max”, ”any” och ”every” behöver ”by”: det som blir en rad")
            return None, columns
        self._require((*self.path, "by"), entry.by, columns)
        scope = Scope(f"underlaget {self.path[-1]}", columns, self._conditions)
        least = self._take((*self.path, "min"), entry.min, scope)
        greatest = self._take((*self.path, "max"), entry.max, scope)
        some = tuple((n, self.condition((*self.path, "any", n), text, scope)) for n, text in entry.any.items())
        every = tuple((n, self.condition((*self.path, "every", n), text, scope)) for n, text in entry.every.items())
        grouped = {name: columns[name] for name in entry.by}
        for name, node in (*least, *greatest, *some, *every):
            self._add_column(self.path, name, node.type, grouped)
        return Grouping(tuple(entry.by), least, greatest, some, every), grouped

    def _check_key(self, fact: Fact, facts: Mapping[str, Fact]) -> None:
        datasets = datasets_of(fact, facts)
        path: KeyPath = (*self.path, "key")
        ties = fact.joins or any(branch.unless for branch in fact.branches)
        if not fact.key and ((len(datasets) > 1 and ties) or fact.neighbours or fact.grouping):
            self._fail(
                self.path, "underlaget jämför flera rader med varandra och behöver ”key”: det som binder ihop raderna"
            )
        for dataset in datasets if fact.key else ():
            self._require(path, fact.key, columns_of(DATASETS[dataset]))

    def _unique(self, fact: Fact) -> set[str]:
        if fact.grouping is not None:
            return set(fact.grouping.by)
        return {field.name for field in dataset_of(fact.branches[0]).key} if len(fact.branches) == 1 else set()

    def _take(self, path: KeyPath, entries: Mapping[str, str], scope: Scope) -> Pairs:
        found: list[tuple[str, Node]] = []
        for name, text in entries.items():
            with suppress(_Faulty):
                found.append((name, self._parsed((*path, name), partial(parse, text, scope))))
        if len(found) < len(entries):
            raise _Faulty
        return tuple(found)

    def _dataset(self, path: KeyPath, name: str) -> Dataset:
        if name not in DATASETS:
            self._fail(path, f"leveransen ”{name}” finns inte.{suggestion(name, DATASETS)}")
        return DATASETS[name]

    def _require(self, path: KeyPath, names: list[str] | tuple[str, ...], columns: Mapping[str, ColumnType]) -> None:
        for at, name in enumerate(names):
            if name not in columns:
                self._fail((*path, at), f"kolumnen ”{name}” finns inte där.{suggestion(name, columns) or _CHOOSE}")

    def _add_column(self, path: KeyPath, name: str, type_: ColumnType, columns: Columns) -> None:
        if name in columns:
            self._fail(path, f"kolumnen ”{name}” finns redan i underlaget. Ge den ett annat namn")
        columns[name] = type_

    def _parsed(self, path: KeyPath, read: _Read, instead: Node | None = None) -> Node:
        """What the text means; when it is faulty, what stands instead while the rest is judged."""
        try:
            return read()
        except ExpressionError as error:
            self.is_faulty = True
            for one in error.all:
                self._report.add(path, f"{spoken(path)} {one}", one.offset, one)
            if instead is None:
                raise _Faulty from error
            return instead

    def _fail(self, path: KeyPath, message: str) -> None:
        self._report.add(path, message, 0)
        raise _Faulty


class _Read(Protocol):
    def __call__(self) -> Node: ...


def datasets_of(fact: Fact, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """Every dataset that the fact reads, its joined facts' included; sorted."""
    found = {branch.dataset for branch in fact.branches}
    found |= {branch.unless.dataset for branch in fact.branches if branch.unless is not None}
    for join in fact.joins:
        found |= set(datasets_of(facts[join.fact], facts))
    return tuple(sorted(found))
