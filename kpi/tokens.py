"""The little language's tokens: only what it needs reaches sqlglot's parser.

Refused here, by name: functions, comments, `;` and other signs, foreign words, deep nesting, long texts, and a word
that stands where none may. Names of the catalogue become plain words (the parser may know them as keywords), and
`14 days` gets an INTERVAL before it, else it is an alias.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType
from sqlglot.tokens import Tokenizer

from kpi.tree import ColumnType, Step, Type

BETWEEN = {"days": "days_between", "years": "years_between"}
"""The only functions there are; no text can name them."""
_LONGEST = 1000
_MOST_TOKENS = 200
_DEEPEST = 20
_SIGNS = {
    TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT, TokenType.GTE, TokenType.PLUS,
    TokenType.DASH, TokenType.L_PAREN, TokenType.R_PAREN, TokenType.COMMA,
}  # fmt: skip
_WORDS = {
    TokenType.AND: "and", TokenType.OR: "or", TokenType.NOT: "not", TokenType.IN: "in", TokenType.IS: "is",
    TokenType.NULL: "null",
}  # fmt: skip
_TRUTH = {TokenType.TRUE, TokenType.FALSE}
_VALUES = {TokenType.VAR, TokenType.NUMBER, TokenType.STRING, TokenType.NULL}
_MAY_BEGIN = {*_VALUES, TokenType.L_PAREN, TokenType.NOT}
_ENDS_A_VALUE = {*_VALUES, TokenType.R_PAREN}
_TWO_WORDS = {(TokenType.IS, TokenType.NOT), (TokenType.NOT, TokenType.IN)}
"""Words that follow each other though neither is a value."""
_OTHER_WORDS = {
    "och": "and", "samt": "and", "eller": "or", "inte": "not", "ej": "not", "är": "is null, is not null eller =",
    "tom": "is null", "tomt": "is null", "tomma": "is null", "saknas": "is null", "empty": "is null",
    "finns": "is not null", "mellan": "days between den ena and den andra", "dagar": "days", "dag": "days",
    "månader": "months", "månad": "months", "år": "years", "av": "in (den ena, den andra)",
}  # fmt: skip
"""Words that people write → what the language has instead."""
_OTHER_SIGNS = {
    "≤": "<=", "≥": ">=", "≠": "<>", "!=": "<>", "==": "=", "=<": "<=", "=>": ">=", "||": "or", "&&": "and",
    "−": "-", "–": "-",
}  # fmt: skip
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_UNITS = "days, months eller years"


class ExpressionError(Exception):
    """What is wrong, as the end of a Swedish sentence; `offset` is the character within the expression.

    `condition`: the named condition in which it is wrong, with its own error; None when it is the expression itself.
    `also`: what else is wrong in the expression.
    """

    def __init__(self, message: str, offset: int = 0, *, condition: tuple[str, ExpressionError] | None = None) -> None:
        super().__init__(message)
        self.offset = offset
        self.condition = condition
        self.also: tuple[ExpressionError, ...] = ()

    @property
    def all(self) -> tuple[ExpressionError, ...]:
        """This one and the others."""
        return (self, *self.also)


@dataclass(frozen=True)
class Scope:
    """What an expression may name.

    `source` says in Swedish where the columns come from ("leveransen sips"); `conditions` are the header's named
    expressions, each typed anew against these columns; `used` collects the parameters met on the way; `depth` is how
    many conditions the text stands within.
    """

    source: str
    columns: Mapping[str, ColumnType]
    conditions: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    depth: int = 0

    def without(self, condition: str) -> Scope:
        """The same, but a condition cannot name itself."""
        rest = {name: text for name, text in self.conditions.items() if name != condition}
        return Scope(self.source, self.columns, rest, self.parameters, self.used, self.depth + 1)


def suggestion(name: str, known: Collection[str]) -> str:
    """` Menade du ”x”?`, or nothing when no known name is near."""
    near = get_close_matches(name, list(known), n=1)
    return f" Menade du ”{near[0]}”?" if near else ""


def tokens_of(text: str, scope: Scope) -> list[Token]:
    if len(text) > _LONGEST:
        raise ExpressionError(f"är längre än {_LONGEST} tecken. Dela upp det i namngivna villkor", _LONGEST)
    for comment in ("--", "/*"):
        if comment in text:
            raise ExpressionError(f"innehåller en kommentar ({comment}). Skriv den som en YAML-kommentar, med #",
                                  text.index(comment))  # fmt: skip
    _refuse_other_signs(text)
    try:
        tokens = Tokenizer().tokenize(text)
    except SqlglotError as error:
        raise ExpressionError("har ett citattecken som inte avslutas", _quote_in(text)) from error
    if not tokens:
        raise ExpressionError("är tomt. Skriv ett villkor eller ta bort raden", 0)
    if len(tokens) > _MOST_TOKENS:
        raise ExpressionError("är för långt. Dela upp det i namngivna villkor", tokens[_MOST_TOKENS].start)
    _check_depth(tokens)
    _refuse_other_words(tokens, text, scope)
    plain = [_plain(tokens, at, text, scope) for at in range(len(tokens))]
    _check_moves(plain, tokens, scope)
    _check_order(plain)
    return _with_intervals(_with_between(plain))


def _quote_in(text: str) -> int:
    return max(0, min((text.index(quote) for quote in "'\"`" if quote in text), default=0))


def _refuse_other_signs(text: str) -> None:
    """Signs of other languages and of fine print, outside quotes: what to write instead."""
    for sign, ours in _OTHER_SIGNS.items():
        at = text.find(sign)
        if at >= 0 and not any(text.count(quote, 0, at) % 2 for quote in "'\""):
            raise ExpressionError(f"innehåller ”{sign}”, som inte ingår i språket. Skriv {ours}", at)


def _refuse_other_words(tokens: list[Token], text: str, scope: Scope) -> None:
    """Swedish words and days without quotes: what to write instead."""
    known = {*_known(scope), *scope.parameters}
    for token in tokens:
        word = token.text.lower()
        if token.token_type is TokenType.NUMBER and (found := _DAY.match(text, token.start)):
            day = found.group()
            raise ExpressionError(f"har datumet {day} utan citattecken. Ett datum skrivs inom enkla citattecken: "
                                  f"'{day}'", token.start)  # fmt: skip
        if token.token_type is not TokenType.STRING and word in _OTHER_WORDS and token.text not in known:
            raise ExpressionError(f"använder ”{token.text}”, som inte ingår i språket. Skriv {_OTHER_WORDS[word]}",
                                  token.start)  # fmt: skip


def _check_moves(tokens: list[Token], written: list[Token], scope: Scope) -> None:
    """`+ 7` needs its unit; a number that `days` follows is given under `parameters`."""
    for at, token in enumerate(tokens):
        before = tokens[at - 1].token_type if at else None
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        is_number = token.token_type is TokenType.NUMBER
        is_step = following is not None and following.text in set(Step)
        if before not in (TokenType.PLUS, TokenType.DASH) or at < 2:
            continue
        if is_step and token.token_type is TokenType.VAR and token.text not in _known(scope):
            near = suggestion(token.text, scope.parameters) or f" Lägg till det under parameters: {token.text}: 14"
            raise ExpressionError(f"använder ”{token.text}”, som inte är angivet.{near}", token.start)
        moves_a_day = tokens[at - 2].text in set(Step) or is_day(tokens[at - 2].text, scope)
        if is_number and moves_a_day and not is_step:
            number = written[at].text
            if following is not None and following.token_type is TokenType.VAR:
                near = suggestion(following.text, list(Step))
                raise ExpressionError(f"har ”{following.text}” direkt efter ”{token.text}”. Skriv {_UNITS} där.{near}",
                                      following.start)  # fmt: skip
            sign = tokens[at - 1].text
            raise ExpressionError(f"flyttar ett datum utan att säga hur. Skriv {_UNITS} efter talet: "
                                  f"{sign} {number} days", token.start)  # fmt: skip


def is_day(name: str, scope: Scope) -> bool:
    """Whether the name is a column of days."""
    return name in scope.columns and scope.columns[name].type is Type.DAY


def _check_depth(tokens: list[Token]) -> None:
    depth = 0
    for token in tokens:
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1, TokenType.NOT: 0}.get(token.token_type, 0)
        if depth > _DEEPEST:
            raise ExpressionError("har för många parenteser i varandra", token.start)
    if sum(token.token_type is TokenType.NOT for token in tokens) > _DEEPEST:
        raise ExpressionError("har för många ”not”", 0)


def _check_order(tokens: list[Token]) -> None:
    """A value, then what binds it to the next: the first word that stands wrong is named."""
    opened: list[tuple[Token, bool]] = []
    for at, token in enumerate(tokens):
        kind = token.token_type
        if kind is TokenType.L_PAREN:
            opened.append((token, at > 0 and tokens[at - 1].token_type is TokenType.IN))
        elif kind is TokenType.R_PAREN and not opened:
            raise ExpressionError("har en högerparentes för mycket", token.start)
        elif kind is TokenType.R_PAREN:
            opened.pop()
        elif kind is TokenType.COMMA and (not opened or not opened[-1][1]):
            raise ExpressionError("har ”,” utanför ”in (…)”. Skriv ”and” eller ”or” mellan villkor", token.start)
    if opened:
        raise ExpressionError("har en vänsterparentes som inte avslutas", opened[-1][0].start)
    for one, other, following in zip(tokens, tokens[1:], [*tokens[2:], None], strict=False):
        if not _may_follow(one, other, following):
            if other.token_type is TokenType.NULL or (
                other.token_type is TokenType.NOT and following and following.token_type is TokenType.NULL
            ):
                ours = "is null" if other.token_type is TokenType.NULL else "is not null"
                raise ExpressionError(f"har ”{ours[3:]}” utan ”is” före. Skriv {ours}", other.start)
            raise ExpressionError(f"har ”{other.text}” direkt efter ”{one.text}”. Något saknas däremellan, eller så "
                                  "ska det ena bort", other.start)  # fmt: skip
    if tokens[0].token_type not in _MAY_BEGIN:
        raise ExpressionError(f"kan inte börja med ”{tokens[0].text}”", tokens[0].start)
    if tokens[-1].token_type not in _ENDS_A_VALUE:
        raise ExpressionError(f"slutar med ”{tokens[-1].text}”. Något saknas efter det", tokens[-1].start)


def _may_follow(one: Token, other: Token, following: Token | None) -> bool:
    first, second = one.token_type, other.token_type
    if first in _ENDS_A_VALUE:
        is_moved = first is TokenType.NUMBER and other.text in set(Step)
        is_not_in = second is TokenType.NOT and following is not None and following.token_type is TokenType.IN
        return is_moved or is_not_in or second not in _MAY_BEGIN
    return second in _MAY_BEGIN or (first, second) in _TWO_WORDS


def _plain(tokens: list[Token], at: int, text: str, scope: Scope) -> Token:
    """The token as the parser may see it: a name, a constant or one of the language's few words and signs."""
    token = tokens[at]
    kind = token.token_type
    if kind in _SIGNS or _WORDS.get(kind) == token.text.lower():
        return token
    if kind in (TokenType.STRING, TokenType.NUMBER):
        return token
    if kind is TokenType.IDENTIFIER:
        return _token(TokenType.STRING, token.text, token)
    if kind is TokenType.BETWEEN:
        if at and tokens[at - 1].text in BETWEEN:
            return token
        raise ExpressionError(f"använder ”{token.text}” utan days eller years före. Skriv två jämförelser med and, "
                              "eller ”days between den ena and den andra”", token.start)  # fmt: skip
    if not token.text.isidentifier() or text[token.start : token.end + 1] != token.text:
        raise ExpressionError(
            f"innehåller ”{text[token.start : token.end + 1]}”, som inte ingår i språket", token.start
        )
    if token.text in scope.parameters:
        scope.used.add(token.text)
        return _token(TokenType.NUMBER, str(scope.parameters[token.text]), token)
    if at + 1 < len(tokens) and tokens[at + 1].token_type is TokenType.L_PAREN:
        raise ExpressionError(f"använder funktionen ”{token.text}”. Språket har inga funktioner", token.start)
    if kind is not TokenType.VAR and kind not in _TRUTH and token.text not in _known(scope):
        hint = suggestion(token.text, [*scope.columns, *scope.conditions, *scope.parameters])
        place = f"som varken finns i {scope.source} eller ingår i språket"
        raise ExpressionError(f"använder ”{token.text}”, {place}.{hint}", token.start)
    return _token(TokenType.VAR, token.text, token)


def _known(scope: Scope) -> set[str]:
    codes = {code for column in scope.columns.values() for code in column.codes}
    return {*scope.columns, *scope.conditions, *codes, *Step, *BETWEEN}


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


def _with_between(tokens: list[Token]) -> list[Token]:
    """`days between a and b` as a call of a function that no text can name."""
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if at + 1 < len(tokens) and tokens[at + 1].token_type is TokenType.BETWEEN:
            words = tokens[at + 2 : at + 5]
            if [word.token_type for word in words] != [TokenType.VAR, TokenType.AND, TokenType.VAR]:
                raise ExpressionError(f"ska ha formen ”{token.text} between kolumn and kolumn”", token.start)
            result += [
                _token(TokenType.VAR, BETWEEN[token.text], token),
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
