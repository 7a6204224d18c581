"""What a request may be: its size, its address's length, its depth, and how often. What is over is told in a sentence.

Counted in each process's memory: with more workers the limits are as many times wider.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import parse_qsl

from dash.exceptions import DependencyException
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from control.buckets import Buckets
from control.login.secret import hash_of
from dashboard.rules import CALLBACK, MOST_FILE_TEXT, For, whom_for, without_unheld
from warehouse.errors import TooMuch

MOST_BYTES = 1024 * 1024
MOST_FILE_BYTES = MOST_FILE_TEXT + 100 * 1024
"""Of a callback's body. Which callbacks may be sent a file is not known before its body is read: what is over
MOST_BYTES for another is refused then (`dashboard.guard`)."""
LONGEST_ADDRESS = 4096
MOST_PARAMETERS = 20
_DEEPEST_JSON = 60
_MOST_JSON_VALUES = 50_000
_ADDRESS_FACTOR = 10
_STRICTER = {"/logga-in": 20, "/ladda-ned": 60}
"""A minute, where a guess or a file costs more than a page."""

TOO_LARGE = "Det som skickades är för stort: högst 1 MB text eller en fil på 5 MB tas emot. Dela upp det."
_SENTENCES = {
    400: "Begäran gick inte att förstå. Ladda om sidan och försök igen.",
    404: "Adressen leder ingenstans. Den kan vara felskriven eller gammal.",
    405: "Adressen går inte att använda på det sättet. Gå till översikten.",
    413: TOO_LARGE,
    414: "Adressen är för lång. Välj om från översikten.",
    429: "För många frågor på kort tid. Vänta en stund och försök igen.",
    500: "Något gick fel hos oss. Felet är loggat. Försök igen, eller säg till den som sköter Samkoll.",
}
_DEEP = "Det som skickades är för stort eller för djupt. Ladda om sidan och försök igen."


def query_of(search: str) -> dict[str, str]:
    """An address's parameters; of a repeated one the last counts. TooMuch when there are too many.

    A sign that no database holds (NUL, half a sign) is the sign for an unknown one."""
    text = search.removeprefix("?")
    if len(text) > LONGEST_ADDRESS or text.count("&") >= MOST_PARAMETERS:
        raise TooMuch("Adressen har för många val. Välj om från översikten.")
    return dict(parse_qsl(without_unheld(text).replace("%00", "%EF%BF%BD")))


def limit(
    server: Flask,
    *,
    per_minute: int,
    reader: Callable[[], str | None],
    is_proxied: bool = False,
    buckets: Buckets | None = None,
) -> None:
    """Refuse what is too much before anything else is done. `reader`: who asks, None while nobody has logged in.
    `is_proxied`: whether requests come through a server in front, which then counts addresses: here everybody has its
    address, and one stranger would stop all.

    A body is not touched here: it comes as slowly as its sender wants, and holds one of the server's threads meanwhile.
    """
    counted = buckets or Buckets()

    def check() -> Response | None:
        if len(request.full_path) > LONGEST_ADDRESS:
            return _refused(414)
        request.max_content_length = MOST_FILE_BYTES if request.path == CALLBACK else MOST_BYTES
        if (request.content_length or 0) > request.max_content_length:
            return _refused(413)
        if whom_for(request) is For.STATIC:
            return None
        if seconds := _wait(counted, per_minute, reader(), is_proxied=is_proxied):
            answer = _refused(429)
            answer.headers["Retry-After"] = str(int(seconds) + 1)
            return answer
        if request.query_string.count(b"&") >= MOST_PARAMETERS:
            return _refused(400, _DEEP)
        return None

    server.before_request(check)
    server.register_error_handler(HTTPException, _as_sentence)
    server.register_error_handler(DependencyException, lambda _error: _refused(404))  # the framework has no such file
    server.register_error_handler(TooMuch, lambda error: _refused(400, str(error)))


def limit_bodies(server: Flask) -> None:
    """Refuse a callback's body that is too deep or too wide. Comes after the login: who has none sends no body."""
    server.before_request(lambda: _refused(400, _DEEP) if _is_immodest() else None)


def _wait(buckets: Buckets, per_minute: int, reader: str | None, *, is_proxied: bool) -> float:
    """How long the reader, the program or the address has to wait; each is counted for what is stricter, too.

    A program is known by the token that it presents, right or wrong."""
    counted = {} if is_proxied else {f"address {network_of(request.remote_addr)}": _ADDRESS_FACTOR}
    if reader is not None:
        counted[f"reader {reader}"] = 1
    waits = [0.0, *(buckets.wait(name, per_minute * factor) for name, factor in counted.items())]
    if whom_for(request) is For.PROGRAM and (presented := request.headers.get("Authorization")):
        waits.append(buckets.wait(f"token {hash_of(presented)}", per_minute))
    for start, most in _STRICTER.items():
        if request.path.startswith(start):
            waits += [buckets.wait(f"{start} {name}", most * factor) for name, factor in counted.items()]
    return max(waits)


def network_of(address: str | None) -> str:
    """Whom an address belongs to: itself, or the network of an IPv6 address, since one subscriber has all of it."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    return found.exploded[:19] if isinstance(found, IPv6Address) else str(found)


def _is_immodest() -> bool:
    """Whether JSON is posted that is too deep or holds too many values; a body that is no JSON is refused by Flask."""
    if request.method != "POST" or request.path != CALLBACK or not request.is_json:
        return False
    try:
        waiting: list[tuple[Any, int]] = [(request.get_json(), 1)]
    except RecursionError:
        return True
    seen = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > _DEEPEST_JSON or seen > _MOST_JSON_VALUES:
            return True
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting += [(one, depth + 1) for one in inner]
    return False


def _as_sentence(error: HTTPException) -> Response | HTTPException:
    """Every refusal in Swedish, and none that repeats what was sent."""
    status = error.code or 500
    if status < 400:
        return error  # a redirection is an answer
    return _refused(status, _SENTENCES.get(status, _SENTENCES[400 if status < 500 else 500]))


def _refused(status: int, sentence: str | None = None) -> Response:
    return Response(sentence or _SENTENCES[status], status=status, content_type="text/plain; charset=utf-8")
