"""The little language's tokens: only what it needs reaches sqlglot's parser.

Refused here, by name: functions, comments, `;` and other signs, deep nesting, long texts. Names of the catalogue become
plain words (the parser may know them as keywords), and `14 days` gets an INTERVAL before it, else it is an alias.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType
from sqlglot.tokens import Tokenizer

from kpi.tree import ColumnType, Step

BETWEEN = {"days": "days_between", "years": "years_between"}
"""The only functions there are; no text can name them."""
_LONGEST = 1000
_MOST_TOKENS = 200
_DEEPEST = 20
_SIGNS = {
    TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT, TokenType.GTE, TokenType.PLUS,
    TokenType.DASH, TokenType.L_PAREN, TokenType.R_PAREN, TokenType.COMMA,
}  # fmt: skip
_WORDS = {TokenType.AND, TokenType.OR, TokenType.NOT, TokenType.IN, TokenType.IS, TokenType.NULL}


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


def suggestion(name: str, known: Collection[str]) -> str:
    """` Menade du ”x”?`, or nothing when no known name is near."""
    near = get_close_matches(name, list(known), n=1)
    return f" Menade du ”{near[0]}”?" if near else ""


def tokens_of(text: str, scope: Scope) -> list[Token]:
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
    return _with_intervals(_with_between([_plain(tokens, at, scope) for at in range(len(tokens))]))


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
    if kind in _SIGNS or kind in _WORDS or (kind is TokenType.BETWEEN and at and tokens[at - 1].text in BETWEEN):
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
