"""A fact → one query tree for the compute engine, over tables that hold the datasets' rows.

Which columns are read is worked out backwards from what the figures use, so nothing else leaves the warehouse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from kpi import query as q
from kpi.definition import Branch, Fact, Neighbour
from kpi.render import name, render
from kpi.tree import Node, columns_in
from warehouse.contract import DATASETS

Needs = dict[str, set[str]]
"""Column names by fact or dataset."""
MUNICIPALITY = "municipality_code"
MUNICIPALITY_PLACE = "kommun:"
"""Before a municipality's code, the place that its own unit has too."""
PLACE = "place"
"""The column that every placed fact has: the code that places the row in the organisation."""


def natural_key(dataset: str) -> tuple[str, ...]:
    """The columns that tell a dataset's rows apart."""
    return tuple(field.name for field in DATASETS[dataset].key)


def needs(wanted: Mapping[str, Iterable[str]], facts: Mapping[str, Fact]) -> tuple[Needs, Needs]:
    """What each fact must give and each dataset hold, when these columns of these facts are wanted.

    A fact's unit and municipality, and the columns that bind its rows together, are always among them.
    """
    of_facts: Needs = {fact: set(columns) for fact, columns in wanted.items()}
    of_datasets: Needs = {}
    for fact in reversed(list(facts.values())):  # a fact only joins those declared above it
        if fact.name not in of_facts:
            continue
        columns = of_facts[fact.name] | set(fact.unit) | ({MUNICIPALITY} if fact.has_municipality else set())
        columns |= set(columns_in(fact.keep)) if fact.keep is not None else set()
        for one in fact.neighbours:
            columns |= {one.day, *one.by} if one.name in columns else set()
        for new, sources in fact.first_of:
            columns |= set(sources) if new in columns else set()
        for join in fact.joins:
            taken = dict(join.take)
            above = of_facts.setdefault(join.fact, set())
            above |= set(join.on) | _read_by(node for one, node in taken.items() if one in columns)
            columns |= set(join.on)
        of_facts[fact.name] = columns
        _add_datasets(fact, columns, of_datasets)
    return of_facts, of_datasets


def _add_datasets(fact: Fact, columns: set[str], of_datasets: Needs) -> None:
    if fact.grouping is not None:
        grouped = (*fact.grouping.least, *fact.grouping.greatest, *fact.grouping.any, *fact.grouping.every)
        columns = columns | set(fact.grouping.by) | _read_by(node for one, node in grouped if one in columns)
    for branch in fact.branches:
        read = of_datasets.setdefault(branch.dataset, set())
        read |= set(fact.key or natural_key(branch.dataset))
        read |= _read_by(node for one, node in branch.take if one in columns)
        read |= set(columns_in(branch.where)) if branch.where else set()
        if branch.unless is not None:
            read |= set(branch.unless.on)
            other = of_datasets.setdefault(branch.unless.dataset, set(fact.key))
            other |= set(branch.unless.on) | (set(columns_in(branch.unless.where)) if branch.unless.where else set())


def _read_by(nodes: Iterable[Node]) -> set[str]:
    return {column for node in nodes for column in columns_in(node)}


def fact_query(fact: Fact, columns: set[str], prefix: str = "") -> exp.Select:
    """The fact's rows with those columns; `rows_table` and joined facts are named with the prefix."""
    rows = _rows(fact, columns, prefix)
    selected: dict[str, exp.Expr] = {}
    joins = []
    for at, join in enumerate(fact.joins):
        alias = f"joined_{at}"
        same = [q.equal(name(column, "row"), name(column, alias)) for column in join.on]
        joins.append(q.join(f"{prefix}{join.fact} {alias}", *same, left=True))
        selected |= {one: render(node, alias) for one, node in join.take if one in columns}
    selected |= {one: name(one, "row") for one in rows.named_selects if one in columns}
    for new, sources in fact.first_of:
        if new in columns:
            selected[new] = q.first_given(*(selected[one] for one in sources))
    if fact.unit:
        selected[PLACE] = _place(fact, selected)
        if not fact.has_municipality:
            home = q.select([MUNICIPALITY], "home", where=[q.equal("unit_code", selected[PLACE])])
            selected[MUNICIPALITY] = q.first_given(exp.Subquery(this=home), q.const(""))
    whole = q.select(dict(sorted(selected.items())), q.named(rows, "row"), *joins)
    neighbours = {one.name: _neighbour(one) for one in fact.neighbours if one.name in columns}
    if fact.keep is None and not neighbours:
        return whole
    own = {one: name(one, "whole") for one in sorted(selected)}
    kept = [render(fact.keep, "whole")] if fact.keep is not None else []
    return q.select(own | neighbours, q.named(whole, "whole"), where=kept)


def is_worked_out(fact: Fact) -> bool:
    """Whether its rows cost more than picking columns of one dataset's rows."""
    return bool(fact.joins or fact.grouping or fact.neighbours or any(one.unless for one in fact.branches))


def _place(fact: Fact, selected: Mapping[str, exp.Expr]) -> exp.Expr:
    """The first given of the fact's unit columns; a municipality stands for its own unit (`kpi.workspace`)."""
    codes: list[exp.Expr] = [
        exp.DPipe(this=q.const(MUNICIPALITY_PLACE), expression=selected[one])
        if one == MUNICIPALITY
        else exp.Nullif(this=selected[one], expression=q.const(""))
        for one in fact.unit
    ]
    return q.first_given(*codes)


def _neighbour(one: Neighbour) -> exp.Expr:
    """The nearest strictly earlier (later) day among rows with the same `by`: rows of one day share it."""
    near = exp.Interval(this=q.const("1"), unit=exp.Var(this="DAY"))
    start, start_side, end, end_side = (
        (near, "FOLLOWING", "UNBOUNDED", "FOLLOWING") if one.is_later else ("UNBOUNDED", "PRECEDING", near, "PRECEDING")
    )
    frame = exp.WindowSpec(kind="RANGE", start=start, start_side=start_side, end=end, end_side=end_side)
    day = name(one.day, "whole")
    window = exp.Window(
        this=(exp.Min if one.is_later else exp.Max)(this=day),
        partition_by=[name(column, "whole") for column in one.by],
        order=exp.Order(expressions=[exp.Ordered(this=day)]),
        spec=frame,
    )
    return q.cast(window, "date")


def rows_table(dataset: str, prefix: str = "") -> str:
    """The table that holds a dataset's rows; a fact may have the dataset's own name."""
    return f"{prefix}rows_{dataset}"


def _rows(fact: Fact, columns: set[str], prefix: str) -> exp.Select:
    if fact.grouping is None:
        return _union(fact.branches, columns, prefix)
    grouping = fact.grouping
    least, greatest, some, every = (
        [(one, node) for one, node in pairs if one in columns]
        for pairs in (grouping.least, grouping.greatest, grouping.any, grouping.every)
    )
    below = set(grouping.by) | _read_by(node for _, node in (*least, *greatest, *some, *every))
    merged = ((exp.Min, least), (exp.Max, greatest), (exp.LogicalOr, some), (exp.LogicalAnd, every))
    values = {one: merge(this=render(node, "member")) for merge, pairs in merged for one, node in pairs}
    by = {column: name(column, "member") for column in grouping.by}
    members = q.named(_union(fact.branches, below, prefix), "member")
    return q.select(by | values, members, group=by.values())


def _union(branches: tuple[Branch, ...], columns: set[str], prefix: str) -> exp.Select:
    selects = [_branch(branch, columns, prefix) for branch in branches]
    if len(selects) == 1:
        return selects[0]
    columns_of_all = {one: name(one, "part") for one in selects[0].named_selects}
    return q.select(columns_of_all, q.named(q.united(selects), "part"))


def _branch(branch: Branch, columns: set[str], prefix: str) -> exp.Select:
    where = [render(branch.where, "base")] if branch.where is not None else []
    if branch.unless is not None:
        same = [q.equal(name(column, "other"), name(column, "base")) for column in branch.unless.on]
        condition = [render(branch.unless.where, "other")] if branch.unless.where is not None else []
        other = f"{rows_table(branch.unless.dataset, prefix)} other"
        where.append(exp.Not(this=q.exists(q.select({"one": q.const(1)}, other, where=[*same, *condition]))))
    taken = {one: render(node, "base") for one, node in branch.take if one in columns}
    return q.select(taken, f"{rows_table(branch.dataset, prefix)} base", where=where)
