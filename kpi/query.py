"""A short hand for query trees: `select({"month": "b.month"}, "base b", where=[...])`.

A column is told as text, `"table.column"`; every name is quoted, since a name of the catalogue may be a word of the
engine. Trees share their parts: nothing changes a tree after it is made, and no shared part by rendering.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

Part = exp.Expr | str
"""An expression, or a column as text."""
_TYPES = {
    "bigint": exp.DType.BIGINT, "int": exp.DType.INT, "smallint": exp.DType.SMALLINT, "double": exp.DType.DOUBLE,
    "text": exp.DType.TEXT, "date": exp.DType.DATE,
}  # fmt: skip


def column(text: str) -> exp.Column:
    """`"d.month"` or `"month"` as a quoted column."""
    table, _, name = text.rpartition(".")
    quoted = [exp.Identifier(this=one, quoted=True) for one in (name, table) if one]
    return exp.Column(this=quoted[0], table=quoted[1] if table else None)


def part(given: Part) -> exp.Expr:
    """The expression, or the column that the text names."""
    return column(given) if isinstance(given, str) else given


def const(value: str | float | None) -> exp.Expr:
    """A number, a text or null."""
    if value is None:
        return exp.Null()
    return exp.Literal.string(value) if isinstance(value, str) else exp.Literal.number(value)


def equal(left: Part, right: Part) -> exp.Expr:
    return exp.EQ(this=part(left), expression=part(right))


def at_most(left: Part, right: Part) -> exp.Expr:
    return exp.LTE(this=part(left), expression=part(right))


def above(left: Part, right: Part | int = 0) -> exp.Expr:
    """left > right; by default, more than nothing."""
    return exp.GT(this=part(left), expression=const(right) if isinstance(right, int) else part(right))


def missing(given: Part) -> exp.Expr:
    return exp.Is(this=part(given), expression=exp.Null())


def negated(condition: Part) -> exp.Expr:
    return exp.Not(this=exp.Paren(this=part(condition)))


def every(*conditions: Part) -> exp.Expr:
    return exp.and_(*(part(one) for one in conditions), copy=False)


def some(*conditions: Part) -> exp.Expr:
    return exp.or_(*(part(one) for one in conditions), copy=False)


def when(condition: Part, then: Part, otherwise: Part | None = None) -> exp.Expr:
    """The one or the other; 0 when nothing else is told."""
    default = const(0) if otherwise is None else part(otherwise)
    return exp.Case(ifs=[exp.If(this=part(condition), true=part(then))], default=default)


def total(given: Part) -> exp.Expr:
    return exp.Sum(this=part(given))


def largest(given: Part) -> exp.Expr:
    return exp.Max(this=part(given))


def over(function: exp.Expr, by: Iterable[Part], order: Part | None = None, *, latest: bool = False) -> exp.Expr:
    """A window of the rows that share `by`, in order."""
    ordered = exp.Order(expressions=[exp.Ordered(this=part(order), desc=latest)]) if order is not None else None
    return exp.Window(this=function, partition_by=[part(one) for one in by], order=ordered)


def first_given(*values: Part) -> exp.Expr:
    """The first of the values that is not null."""
    first, *rest = (part(one) for one in values)
    return exp.Coalesce(this=first, expressions=rest) if rest else first


def cast(given: Part, type_: str) -> exp.Expr:
    value, to = part(given), exp.DataType(this=_TYPES[type_], nested=False)
    return value if isinstance(value, exp.Cast) and value.to == to else exp.Cast(this=value, to=to)


def table(text: str) -> exp.Table:
    """`"addend d"`: a table with its alias."""
    name, _, alias = text.partition(" ")
    return exp.Table(this=exp.Identifier(this=name, quoted=True), alias=_alias(alias or name))


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.Identifier(this=name, quoted=True))


def join(source: str | exp.Expr, *on: exp.Expr, left: bool = False) -> exp.Join:
    """A table, or a named subquery, joined on all of the conditions."""
    this = table(source) if isinstance(source, str) else source
    return exp.Join(this=this, side="LEFT" if left else None, on=every(*on))


def select(
    columns: Mapping[str, Part] | Iterable[str],
    source: str | exp.Expr,
    *joins: exp.Join,
    where: Iterable[exp.Expr] = (),
    group: int | Iterable[Part] = 0,
    having: exp.Expr | None = None,
    distinct: bool = False,
) -> exp.Select:
    """A query. `columns`: alias → part, or columns under their own names; `group`: by so many of the first columns, or
    by these parts."""
    named = columns if isinstance(columns, Mapping) else {one.rpartition(".")[2]: one for one in columns}
    by = [const(at + 1) for at in range(group)] if isinstance(group, int) else [part(one) for one in group]
    where = list(where)
    return exp.Select(
        expressions=[
            exp.Alias(this=part(value), alias=exp.Identifier(this=alias, quoted=True)) for alias, value in named.items()
        ],
        from_=exp.From(this=table(source) if isinstance(source, str) else source),
        joins=list(joins) or None,
        where=exp.Where(this=every(*where)) if where else None,
        group=exp.Group(expressions=by) if by else None,
        having=exp.Having(this=having) if having is not None else None,
        distinct=exp.Distinct() if distinct else None,
    )


def named(query: exp.Query, alias: str) -> exp.Expr:
    """A query as a source."""
    return exp.Subquery(this=query, alias=_alias(alias))


def exists(query: exp.Query) -> exp.Expr:
    return exp.Exists(this=query)


def united(queries: list[exp.Select]) -> exp.Query:
    """All rows of all queries."""
    found: exp.Query = queries[0]
    for one in queries[1:]:
        found = exp.Union(this=found, expression=one, distinct=False)
    return found
