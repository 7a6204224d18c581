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
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import NoReturn

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token, TokenType
from sqlglot.tokens import Tokenizer

from kpi.tree import (
    And,
    Column,
    ColumnType,
    Compare,
    Comparison,
    Constant,
    DaysBetween,
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

_LONGEST = 1000
_MOST_TOKENS = 200
_DEEPEST = 20
_BETWEEN = "days_between"
_SIGNS = {
    TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT, TokenType.GTE, TokenType.PLUS,
    TokenType.DASH, TokenType.L_PAREN, TokenType.R_PAREN, TokenType.COMMA,
}  # fmt: skip
_WORDS = {TokenType.AND, TokenType.OR, TokenType.NOT, TokenType.IN, TokenType.IS, TokenType.NULL}
_COMPARISONS: dict[type[exp.Expr], Comparison] = {
    exp.EQ: Comparison.EQUAL,
    exp.NEQ: Comparison.DIFFERENT,
    exp.LT: Comparison.LESS,
    exp.LTE: Comparison.AT_MOST,
    exp.GT: Comparison.GREATER,
    exp.GTE: Comparison.AT_LEAST,
}
_TYPE_NAMES = {
    Type.DAY: "ett datum",
    Type.BOOLEAN: "ett ja eller nej",
    Type.NUMBER: "ett tal",
    Type.CODE: "en kod",
    Type.TEXT: "en text",
}


class ExpressionError(Exception):
    """What is wrong, as the end of a Swedish sentence; `offset` is the character within the expression."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True)
class Scope:
    """What an expression may name.

    `source` says in Swedish where the columns come from ("leveransen sips"); `conditions` are the header's named
    expressions, each typed anew against these columns; `used` collects the parameters met on the way.
    """

    source: str
    columns: Mapping[str, ColumnType]
    conditions: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def without(self, condition: str) -> Scope:
        """The same, but a condition cannot name itself."""
        rest = {name: text for name, text in self.conditions.items() if name != condition}
        return Scope(self.source, self.columns, rest, self.parameters, self.used)


def parse_condition(text: str, scope: Scope) -> Node:
    """A typed condition; ExpressionError when it is anything else."""
    return _expect(parse(text, scope), Type.BOOLEAN, 0)


def parse_day(text: str, scope: Scope) -> Node:
    """A typed day: a column, or a column moved by a constant."""
    return _expect(parse(text, scope), Type.DAY, 0)


def parse(text: str, scope: Scope) -> Node:
    """The typed tree of an expression of any type."""
    tokens = _tokens(text, scope)
    try:
        found = Parser().parse(tokens, text)
    except (SqlglotError, RecursionError) as error:
        raise ExpressionError("går inte att tolka. Kontrollera parenteser och att inget ord saknas", 0) from error
    if len(found) != 1 or found[0] is None:
        raise ExpressionError("ska vara ett enda uttryck", 0)
    return _build(found[0], scope)


# --- tokens ----------------------------------------------------------------


def _tokens(text: str, scope: Scope) -> list[Token]:
    if len(text) > _LONGEST:
        raise ExpressionError(f"är längre än {_LONGEST} tecken. Dela upp det i namngivna villkor", _LONGEST)
    try:
        tokens = Tokenizer().tokenize(text)
    except SqlglotError as error:
        raise ExpressionError("har ett citattecken som inte avslutas", 0) from error
    if any(token.comments for token in tokens) or "--" in text or "/*" in text:
        raise ExpressionError("innehåller en kommentar. Skriv den som en YAML-kommentar i stället", 0)
    if not tokens:
        raise ExpressionError("är tomt", 0)
    if len(tokens) > _MOST_TOKENS:
        raise ExpressionError("är för långt. Dela upp det i namngivna villkor", tokens[_MOST_TOKENS].start)
    _check_depth(tokens)
    return _with_intervals(_with_days_between([_plain(tokens, at, scope) for at in range(len(tokens))]))


def _check_depth(tokens: list[Token]) -> None:
    depth = 0
    for token in tokens:
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1, TokenType.NOT: 0}.get(token.token_type, 0)
        if depth > _DEEPEST:
            raise ExpressionError("har för många parenteser i varandra", token.start)
    if sum(token.token_type is TokenType.NOT for token in tokens) > _DEEPEST:
        raise ExpressionError("har för många ”not”", 0)


def _plain(tokens: list[Token], at: int, scope: Scope) -> Token:
    """The token as the parser may see it: a name, a constant or one of the language's few words and signs."""
    token = tokens[at]
    kind = token.token_type
    if kind in _SIGNS or kind in _WORDS or (kind is TokenType.BETWEEN and at and tokens[at - 1].text == "days"):
        return token
    if kind in (TokenType.STRING, TokenType.NUMBER):
        return token
    if kind is TokenType.IDENTIFIER:
        return _token(TokenType.STRING, token.text, token)
    if not token.text.isidentifier():
        raise ExpressionError(f"innehåller ”{token.text}”, som inte får användas", token.start)
    if token.text in scope.parameters:
        scope.used.add(token.text)
        return _token(TokenType.NUMBER, str(scope.parameters[token.text]), token)
    if at + 1 < len(tokens) and tokens[at + 1].token_type is TokenType.L_PAREN:
        raise ExpressionError(f"använder funktionen ”{token.text}”. Språket har inga funktioner", token.start)
    return _token(TokenType.VAR, token.text, token)


def _token(kind: TokenType, text: str, like: Token) -> Token:
    return Token(kind, text, line=like.line, col=like.col, start=like.start, end=like.end)


def _with_intervals(tokens: list[Token]) -> list[Token]:
    """An INTERVAL before `14 days`, which the parser would otherwise read as an alias."""
    result: list[Token] = []
    for at, token in enumerate(tokens):
        following = tokens[at + 1].text if at + 1 < len(tokens) else ""
        if token.token_type is TokenType.NUMBER and following in set(Step):
            result.append(_token(TokenType.INTERVAL, "INTERVAL", token))
        result.append(token)
    return result


def _with_days_between(tokens: list[Token]) -> list[Token]:
    """`days between a and b` as a call of the only function there is, which no text can name."""
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if at + 1 < len(tokens) and tokens[at + 1].token_type is TokenType.BETWEEN:
            words = tokens[at + 2 : at + 5]
            if [word.token_type for word in words] != [TokenType.VAR, TokenType.AND, TokenType.VAR]:
                raise ExpressionError("ska ha formen ”days between kolumn and kolumn”", token.start)
            result += [
                _token(TokenType.VAR, _BETWEEN, token),
                _token(TokenType.L_PAREN, "(", token),
                words[0],
                _token(TokenType.COMMA, ",", words[1]),
                words[2],
                _token(TokenType.R_PAREN, ")", words[2]),
            ]
            at += 5
        else:
            result.append(token)
            at += 1
    return result


# --- the typed tree --------------------------------------------------------


def _build(node: exp.Expr, scope: Scope) -> Node:
    match node:
        case exp.Paren():
            return _build(node.this, scope)
        case exp.And() | exp.Or():
            left, right = (
                _expect(_build(side, scope), Type.BOOLEAN, _offset(side)) for side in (node.left, node.right)
            )
            return And(left, right) if isinstance(node, exp.And) else Or(left, right)
        case exp.Not():
            return Not(_expect(_build(node.this, scope), Type.BOOLEAN, _offset(node)))
        case exp.Is() if isinstance(node.expression, exp.Null):
            return IsMissing(_require_column(_build(node.this, scope), _offset(node)))
        case exp.EQ() | exp.NEQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE():
            return _comparison(node, scope)
        case exp.In() if node.expressions:
            operand = _require_column(_build(node.this, scope), _offset(node))
            return In(operand, tuple(_constant(value, operand.type, scope) for value in node.expressions))
        case exp.Add() | exp.Sub() if isinstance(node.expression, exp.Interval):
            return _shift(node, scope)
        case exp.Anonymous() if node.this == _BETWEEN:
            first, last = (_expect(_build(side, scope), Type.DAY, _offset(side)) for side in node.expressions)
            return DaysBetween(first, last)
        case exp.Column() if isinstance(node.this, exp.Identifier) and not node.table:
            return _name(node.name, _offset(node), scope)
        case exp.Literal() if not node.is_string:
            return _number(node)
    raise ExpressionError("innehåller något som inte ingår i språket", _offset(node))


def _name(name: str, offset: int, scope: Scope) -> Node:
    if name in scope.columns:
        return Column(name, scope.columns[name])
    if name in scope.conditions:
        try:
            return parse_condition(scope.conditions[name], scope.without(name))
        except ExpressionError as error:
            raise ExpressionError(f"använder villkoret ”{name}”, som {error}", offset) from error
    known = [*scope.columns, *scope.conditions, *scope.parameters]
    raise ExpressionError(f"använder ”{name}”, som inte finns i {scope.source}.{suggestion(name, known)}", offset)


def _comparison(node: exp.Expr, scope: Scope) -> Node:
    comparison = _COMPARISONS[type(node)]
    left, right = node.this, node.expression
    if _is_constant(left, scope) and not _is_constant(right, scope):
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
    if subject.type.type is Type.CODE and comparison not in (Comparison.EQUAL, Comparison.DIFFERENT):
        raise ExpressionError("jämför koders storlek. Koder är lika eller olika", _offset(node))
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
        raise ExpressionError("ska jämföras med ett fast värde", offset)
    text = node.name
    if wanted.type is Type.CODE:
        if text not in wanted.codes:
            source = "bland kolumnens koder"
            raise ExpressionError(f"använder koden ”{text}”, som inte finns {source}."
                                  f"{suggestion(text, wanted.codes)}", offset)  # fmt: skip
        return Constant(text, wanted)
    if isinstance(node, exp.Column):
        _name(text, offset, scope)  # raises: the word names nothing
    if wanted.type is Type.DAY:
        try:
            return Constant(date.fromisoformat(text), wanted)
        except ValueError as error:
            raise ExpressionError(f"använder ”{text}” som datum. Skriv ÅÅÅÅ-MM-DD", offset) from error
    if wanted.type is not Type.TEXT:
        raise ExpressionError(f"jämför {_TYPE_NAMES[wanted.type]} med en text", offset)
    return Constant(text, wanted)


def _number(node: exp.Literal) -> Constant:
    if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", node.name):
        raise ExpressionError(f"använder ”{node.name}” som tal. Skriv siffror och eventuellt punkt", _offset(node))
    return Constant(float(node.name), ColumnType(Type.NUMBER))


def _shift(node: exp.Expr, scope: Scope) -> Shift:
    interval = node.expression
    day = _expect(_build(node.this, scope), Type.DAY, _offset(node))
    number, unit = interval.this, interval.unit
    if not isinstance(number, exp.Literal) or not number.name.isdigit() or len(number.name) > 5 or unit is None:
        raise ExpressionError("ska flytta ett datum ett helt antal days, months eller years", _offset(node))
    by = int(number.name)
    return Shift(day, by if isinstance(node, exp.Add) else -by, Step(unit.name.lower()))


def _expect(node: Node, wanted: Type, offset: int) -> Node:
    if node.type.type is not wanted:
        raise ExpressionError(f"är {_TYPE_NAMES[node.type.type]} där {_TYPE_NAMES[wanted]} behövs", offset)
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


def suggestion(name: str, known: Collection[str]) -> str:
    """` Menade du ”x”?`, or nothing when no known name is near."""
    near = get_close_matches(name, list(known), n=1)
    return f" Menade du ”{near[0]}”?" if near else ""
