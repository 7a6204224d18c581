"""A fact → one query tree for the compute engine, over tables that hold the datasets' rows.

Which columns are read is worked out backwards from what the figures use, so nothing else leaves the warehouse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from kpi.definition import Branch, Fact, Neighbour, Pairs
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
    inner = rows.subquery("row")
    selected: dict[str, exp.Expr] = {}
    joined = exp.select().from_(inner)
    for at, join in enumerate(fact.joins):
        alias = f"joined_{at}"
        same = exp.and_(*(name(column, "row").eq(name(column, alias)) for column in join.on))
        joined = joined.join(exp.to_table(f"{prefix}{join.fact}", alias=alias), on=same, join_type="left")
        selected |= {one: render(node, alias) for one, node in join.take if one in columns}
    own = {one for one in rows.named_selects if one in columns}
    selected |= {one: name(one, "row") for one in own}
    for new, sources in fact.first_of:
        if new in columns:
            selected[new] = exp.func("coalesce", *(selected[one].copy() for one in sources))
    if fact.unit:
        selected[PLACE] = _place(fact, selected)
        if not fact.has_municipality:
            home = exp.select(name(MUNICIPALITY)).from_("home").where(name("unit_code").eq(selected[PLACE].copy()))
            selected[MUNICIPALITY] = exp.func("coalesce", home.subquery(), exp.Literal.string(""))
    whole = joined.select(*(exp.alias_(value, one, quoted=True) for one, value in sorted(selected.items())))
    neighbours = [one for one in fact.neighbours if one.name in columns]
    if fact.keep is None and not neighbours:
        return whole
    found = exp.select(*(name(one, "whole") for one in sorted(selected))).from_(whole.subquery("whole"))
    found = found.select(*(exp.alias_(_neighbour(one), one.name, quoted=True) for one in neighbours))
    return found.where(render(fact.keep, "whole")) if fact.keep is not None else found


def is_worked_out(fact: Fact) -> bool:
    """Whether its rows cost more than picking columns of one dataset's rows."""
    return bool(fact.joins or fact.grouping or fact.neighbours or any(one.unless for one in fact.branches))


def _place(fact: Fact, selected: Mapping[str, exp.Expr]) -> exp.Expr:
    """The first given of the fact's unit columns; a municipality stands for its own unit (`kpi.workspace`)."""
    codes: list[exp.Expr] = [
        exp.DPipe(this=exp.Literal.string(MUNICIPALITY_PLACE), expression=selected[one].copy())
        if one == MUNICIPALITY
        else exp.Nullif(this=selected[one].copy(), expression=exp.Literal.string(""))
        for one in fact.unit
    ]
    return exp.func("coalesce", *codes) if len(codes) > 1 else codes[0]


def _neighbour(one: Neighbour) -> exp.Expr:
    """The nearest strictly earlier (later) day among rows with the same `by`: rows of one day share it."""
    near = exp.Interval(this=exp.Literal.string("1"), unit=exp.var("DAY"))
    start, start_side, end, end_side = (
        (near, "FOLLOWING", "UNBOUNDED", "FOLLOWING") if one.is_later else ("UNBOUNDED", "PRECEDING", near, "PRECEDING")
    )
    frame = exp.WindowSpec(kind="RANGE", start=start, start_side=start_side, end=end, end_side=end_side)
    day = name(one.day, "whole")
    return exp.cast(
        exp.Window(
            this=(exp.Min if one.is_later else exp.Max)(this=day.copy()),
            partition_by=[name(column, "whole") for column in one.by],
            order=exp.Order(expressions=[exp.Ordered(this=day.copy())]),
            spec=frame,
        ),
        "date",
    )


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
    by = [name(column, "member") for column in grouping.by]
    return (
        exp.select(
            *(exp.alias_(column.copy(), column.name, quoted=True) for column in by),
            *(exp.alias_(exp.Min(this=render(node, "member")), one, quoted=True) for one, node in least),
            *(exp.alias_(exp.Max(this=render(node, "member")), one, quoted=True) for one, node in greatest),
            *(exp.alias_(exp.LogicalOr(this=render(node, "member")), one, quoted=True) for one, node in some),
            *(exp.alias_(exp.LogicalAnd(this=render(node, "member")), one, quoted=True) for one, node in every),
        )
        .from_(_union(fact.branches, below, prefix).subquery("member"))
        .group_by(*(column.copy() for column in by))
    )


def _union(branches: tuple[Branch, ...], columns: set[str], prefix: str) -> exp.Select:
    selects = [_branch(branch, columns, prefix) for branch in branches]
    if len(selects) == 1:
        return selects[0]
    united: exp.Query = selects[0]
    for one in selects[1:]:
        united = united.union(one, distinct=False)
    names = selects[0].named_selects
    return exp.select(*(name(one, "part") for one in names)).from_(united.subquery("part"))


def _branch(branch: Branch, columns: set[str], prefix: str) -> exp.Select:
    query = exp.select(*_named(branch.take, columns)).from_(
        exp.to_table(rows_table(branch.dataset, prefix), alias="base")
    )
    if branch.where is not None:
        query = query.where(render(branch.where, "base"))
    if branch.unless is not None:
        same = [name(column, "other").eq(name(column, "base")) for column in branch.unless.on]
        condition = [render(branch.unless.where, "other")] if branch.unless.where is not None else []
        found = exp.select("1").from_(exp.to_table(rows_table(branch.unless.dataset, prefix), alias="other"))
        query = query.where(exp.Not(this=exp.Exists(this=found.where(*same, *condition))))
    return query


def _named(take: Pairs, columns: set[str]) -> list[exp.Expr]:
    return [exp.alias_(render(node, "base"), one, quoted=True) for one, node in take if one in columns]
