"""The little language of conditions and days: text → tokens → sqlglot's tree → our own typed tree.

Only the typed tree leaves this module, so no text of the definitions file ever reaches an engine. Tokens come first:
what sqlglot's parser would quietly accept (aliases, functions, comments, `;`, deep nesting) is refused there, and the
rebuild has no branch for anything else.

    consent <> declined and met_on is not null        codes are bare words, told apart by the column's type
    held_on <= agreed_on + grace_days days            a parameter of the figure stands where a number may
    days between initiated_on and met_on
    established and not closed_on < agreed_on         a named condition of the file's header
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import NoReturn, TypeVar

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.parser import Parser

from kpi.tokens import BETWEEN, ExpressionError, Scope, is_day, suggestion, tokens_of
from kpi.tree import (
    And,
    Between,
    Column,
    ColumnType,
    Compare,
    Comparison,
    Constant,
    In,
    IsMissing,
    Node,
    Not,
    Or,
    Shift,
    Step,
    Type,
    columns_in,
)

_COMPARISONS: dict[type[exp.Expr], Comparison] = {
    exp.EQ: Comparison.EQUAL,
    exp.NEQ: Comparison.DIFFERENT,
    exp.LT: Comparison.LESS,
    exp.LTE: Comparison.AT_MOST,
    exp.GT: Comparison.GREATER,
    exp.GTE: Comparison.AT_LEAST,
}
_MOST_NODES = 500
_MOST_WITHIN = 10
_MOST_SHIFTS = 4
_MOST_CODES = 20
"""So many are listed when one is misspelt."""
_FURTHEST = {Step.DAYS: 36_525, Step.MONTHS: 1_200, Step.YEARS: 100}
_TYPE_NAMES = {
    Type.DAY: "ett datum",
    Type.BOOLEAN: "ett ja eller nej",
    Type.NUMBER: "ett tal",
    Type.CODE: "en kod",
    Type.TEXT: "en text",
}
_REMEDIES = {
    Type.DAY: ". Skriv en kolumn med datum",
    Type.BOOLEAN: ". Skriv en jämförelse, till exempel med <=, = eller is not null",
}


Built = TypeVar("Built")


def parse_condition(text: str, scope: Scope) -> Node:
    """A typed condition; ExpressionError when it is anything else."""
    return _expect(parse(text, scope), Type.BOOLEAN, 0)


def parse_day(text: str, scope: Scope) -> Node:
    """A typed day: a column, or a column moved by a constant."""
    return _expect(parse(text, scope), Type.DAY, 0)


def parse(text: str, scope: Scope) -> Node:
    """The typed tree of an expression of any type."""
    tokens = tokens_of(text, scope)
    try:
        found = Parser().parse(tokens, text)
    except (SqlglotError, RecursionError) as error:
        raise ExpressionError("går inte att tolka. Kontrollera parenteser och att inget ord saknas", 0) from error
    if len(found) != 1 or found[0] is None:
        raise ExpressionError("ska vara ett enda uttryck", 0)
    return _build(found[0], scope)


def _build(node: exp.Expr, scope: Scope) -> Node:
    match node:
        case exp.Paren():
            return _build(node.this, scope)
        case exp.And() | exp.Or():
            left, right = _each(
                (node.left, node.right),
                lambda side: _expect(_build(side, scope), Type.BOOLEAN, _offset(side)),
                scope,
            )
            return And(left, right) if isinstance(node, exp.And) else Or(left, right)
        case exp.Not():
            return Not(_expect(_build(node.this, scope), Type.BOOLEAN, _offset(node)))
        case exp.Is() if isinstance(node.expression, exp.Null):
            return _missing(node, scope)
        case exp.EQ() | exp.NEQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE():
            return _comparison(node, scope)
        case exp.In() if node.expressions:
            operand = _require_column(_build(node.this, scope), _offset(node))
            return In(operand, _each(node.expressions, lambda value: _constant(value, operand.type, scope), scope))
        case exp.Add() | exp.Sub() if isinstance(node.expression, exp.Interval):
            return _shift(node, scope)
        case exp.Anonymous() if node.this in BETWEEN.values():
            first, last = (_expect(_build(side, scope), Type.DAY, _offset(side)) for side in node.expressions)
            return Between(first, last, Step.DAYS if node.this == BETWEEN["days"] else Step.YEARS)
        case exp.Column() if isinstance(node.this, exp.Identifier) and not node.table:
            return _name(node.name, _offset(node), scope)
        case exp.Literal() if not node.is_string:
            return _number(node)
    raise ExpressionError(_foreign(node, scope), _offset(node))


def _foreign(node: exp.Expr, scope: Scope) -> str:
    """The word or sign that the language has no such use for."""
    match node:
        case exp.Sub() if all(is_day(side.name, scope) for side in (node.left, node.right)):
            return f"räknar med ”-”. Antalet dagar skrivs days between {node.right.name} and {node.left.name}"
        case exp.Add() | exp.Sub():
            return (
                f"räknar med ”{'+' if isinstance(node, exp.Add) else '-'}”. Bara ett datum kan flyttas: datum + 14 days"
            )
        case exp.Is():
            return "har ”is” utan ”null” efter. Skriv ”is null” eller ”is not null”"
        case exp.In():
            return "har ”in” utan en lista efter. Skriv in (den ena, den andra)"
        case exp.Interval():
            return f"har ”{node.this.name} {node.unit}” utan ett datum och + eller - före".lower()
        case exp.Null():
            return "har ”null” utan ”is” före. Skriv ”is null” eller ”is not null”"
        case exp.Literal():
            return f"har texten ”{node.name}” där en kolumn eller ett villkor ska stå"
    return f"innehåller ”{node.sql()[:40]}”, som inte ingår i språket"


def _missing(node: exp.Expr, scope: Scope) -> IsMissing:
    operand = _require_column(_build(node.this, scope), _offset(node))
    if operand.type.type is Type.BOOLEAN and not isinstance(operand, Column):
        raise ExpressionError("frågar om ett villkor är null. Fråga om kolumnerna i det", _offset(node))
    return IsMissing(operand)


def _each(parts: Iterable[exp.Expr], build: Callable[[exp.Expr], Built], scope: Scope) -> tuple[Built, ...]:
    """Every part built; when some are wrong, all of them are told. A named condition is told of where it stands, and
    within one the first fault is enough: few names can unfold to very many."""
    found, errors = [], list[ExpressionError]()
    for part in parts:
        try:
            found.append(build(part))
        except ExpressionError as error:
            if scope.depth or error.condition is not None:
                raise
            errors += error.all
    if errors:
        errors[0].also = tuple(errors[1:])
        raise errors[0]
    return tuple(found)


def _name(name: str, offset: int, scope: Scope) -> Node:
    if name in scope.columns:
        return Column(name, scope.columns[name])
    if name in scope.conditions:
        return _condition(name, offset, scope)
    known = [*scope.columns, *scope.conditions, *scope.parameters]
    raise ExpressionError(f"använder ”{name}”, som inte finns i {scope.source}.{suggestion(name, known)}", offset)


def _condition(name: str, offset: int, scope: Scope) -> Node:
    """A named condition, typed against these columns. Its size is bounded: few names can unfold to very many."""
    if scope.depth >= _MOST_WITHIN:
        raise ExpressionError(f"använder ”{name}”, som går genom fler än {_MOST_WITHIN} villkor", offset)
    try:
        node = parse_condition(scope.conditions[name], scope.without(name))
    except ExpressionError as error:
        told = error.condition or (name, error)
        within = f"som {error}" if told[0] == name else f"där ”{told[0]}” {told[1]}"
        raise ExpressionError(f"använder villkoret ”{name}”, {within}", offset, condition=told) from error
    if _size(node) > _MOST_NODES:
        raise ExpressionError(f"använder ”{name}”, som med alla villkor i det blir för stort", offset)
    return node


def _size(node: Node) -> int:
    parts = (getattr(node, name, None) for name in ("left", "right", "operand"))
    return 1 + sum(_size(part) for part in parts if isinstance(part, Node))


def _comparison(node: exp.Expr, scope: Scope) -> Node:
    comparison = _COMPARISONS[type(node)]
    left, right = node.this, node.expression
    if _is_constant(left, scope) and not _is_constant(right, scope):
        if isinstance(left, exp.Column) and left.name not in _build(right, scope).type.codes:
            _name(left.name, _offset(left), scope)  # raises: more likely a misspelt column than a code
        raise ExpressionError("jämför i fel ordning: skriv kolumnen till vänster", _offset(node))
    subject = _require_column(_build(left, scope), _offset(node))
    if isinstance(right, exp.Null):
        raise ExpressionError("jämför med null. Skriv ”is null” eller ”is not null”", _offset(node))
    if subject.type.type is Type.BOOLEAN:
        raise ExpressionError("jämför ett ja eller nej. Skriv bara namnet, eller ”not” och namnet", _offset(node))
    other = _constant(right, subject.type, scope) if _is_constant(right, scope) else _build(right, scope)
    if other.type.type is not subject.type.type:
        raise ExpressionError(
            f"jämför {_TYPE_NAMES[subject.type.type]} med {_TYPE_NAMES[other.type.type]}", _offset(node)
        )
    if subject.type.codes and other.type.codes and not set(subject.type.codes) & set(other.type.codes):
        raise ExpressionError("jämför två kolumner som inte har någon kod gemensam", _offset(node))
    is_ordered = comparison not in (Comparison.EQUAL, Comparison.DIFFERENT)
    if subject.type.type in (Type.CODE, Type.TEXT) and is_ordered:
        words = "koders storlek. Koder" if subject.type.type is Type.CODE else "texters storlek. Texter"
        raise ExpressionError(f"jämför {words} är lika eller olika", _offset(node))
    return Compare(comparison, subject, other)


def _is_constant(node: exp.Expr, scope: Scope) -> bool:
    """A literal, or a bare word that names nothing in scope: a code, told by the column's type."""
    if isinstance(node, exp.Column):
        return node.name not in scope.columns and node.name not in scope.conditions
    return isinstance(node, exp.Literal | exp.Neg)


def _constant(node: exp.Expr, wanted: ColumnType, scope: Scope) -> Constant:
    offset = _offset(node)
    if isinstance(node, exp.Literal) and not node.is_string:
        if wanted.type is not Type.NUMBER:
            raise ExpressionError(f"jämför {_TYPE_NAMES[wanted.type]} med ett tal", offset)
        return _number(node)
    if not isinstance(node, exp.Literal | exp.Column):
        raise ExpressionError(f"jämför med ”{node.sql()[:40]}”. Skriv ett fast värde", offset)
    text = node.name
    if wanted.type is Type.CODE:
        if text not in wanted.codes:
            source = "bland kolumnens koder"
            listed = f" Koderna är: {', '.join(wanted.codes)}" if len(wanted.codes) <= _MOST_CODES else ""
            raise ExpressionError(f"använder koden ”{text}”, som inte finns {source}."
                                  f"{suggestion(text, wanted.codes)}{listed}", offset)  # fmt: skip
        if isinstance(node, exp.Literal):
            raise ExpressionError(f"har koden ”{text}” inom citattecken. Skriv bara {text}", offset)
        return Constant(text, wanted)
    if isinstance(node, exp.Column):
        _name(text, offset, scope)  # raises: the word names nothing
    if wanted.type is Type.DAY:
        return Constant(_day(text, offset), wanted)
    if wanted.type is not Type.TEXT:
        raise ExpressionError(f"jämför {_TYPE_NAMES[wanted.type]} med en text", offset)
    return Constant(text, wanted)


def _day(text: str, offset: int) -> date:
    try:
        if re.fullmatch(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ExpressionError(f"använder ”{text}” som datum. Skriv ÅÅÅÅ-MM-DD", offset)


def _number(node: exp.Literal) -> Constant:
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", node.name):
        raise ExpressionError(f"använder ”{node.name}” som tal. Skriv siffror och eventuellt punkt", _offset(node))
    return Constant(float(node.name), ColumnType(Type.NUMBER))


def _shift(node: exp.Expr, scope: Scope) -> Shift:
    interval = node.expression
    day = _expect(_build(node.this, scope), Type.DAY, _offset(node))
    number, unit = interval.this, interval.unit
    if not isinstance(number, exp.Literal) or not re.fullmatch("[0-9]{1,5}", number.name) or unit is None:
        raise ExpressionError("ska flytta ett datum ett helt antal days, months eller years", _offset(node))
    if _shifts(day) >= _MOST_SHIFTS:
        raise ExpressionError(f"flyttar samma datum fler än {_MOST_SHIFTS} gånger. Lägg ihop flyttarna", _offset(node))
    by, step = int(number.name), Step(unit.name.lower())
    if by > _FURTHEST[step]:
        raise ExpressionError(f"flyttar ett datum {by} {step}. Högst {_FURTHEST[step]} går bra", _offset(node))
    return Shift(day, by if isinstance(node, exp.Add) else -by, step)


def _shifts(node: Node) -> int:
    return 1 + _shifts(node.day) if isinstance(node, Shift) else 0


def _expect(node: Node, wanted: Type, offset: int) -> Node:
    if node.type.type is not wanted:
        remedy = _REMEDIES.get(wanted, "")
        raise ExpressionError(f"är {_TYPE_NAMES[node.type.type]} där {_TYPE_NAMES[wanted]} behövs{remedy}", offset)
    return node


def _require_column(node: Node, offset: int) -> Node:
    if next(columns_in(node), None) is None:
        _refuse_constant(offset)
    return node


def _refuse_constant(offset: int) -> NoReturn:
    raise ExpressionError("jämför fasta värden och är därför alltid sant eller alltid falskt", offset)


def _offset(node: exp.Expr) -> int:
    """Where in the text the first name under the node stands; 0 when only constants do."""
    for identifier in node.find_all(exp.Identifier):
        start = identifier.meta.get("start")
        if isinstance(start, int):
            return start
    return 0
