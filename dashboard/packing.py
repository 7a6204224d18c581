"""Answers made smaller for the wire. What may be packed is listed; `docs/decisions.md` says why it may."""

from __future__ import annotations

import gzip

import brotli
from flask import Flask, Response, request

from dashboard.rules import CALLBACK

_PACKED = frozenset({CALLBACK, "/", "/<path:path>", "/_dash-layout", "/_dash-dependencies"})
"""Endpoints. Files to take home and the API's answers hold data and come by an address that anybody can write."""
_WORTH_IT = 2_000
_QUICK, _THOROUGH = 4, 9
"""Brotli's quality for what is sent once, and for what is packed once and sent to everybody."""


def encoding_for_reader() -> str | None:
    """The best encoding that the browser takes; None when it takes none of ours."""
    accepted = request.accept_encodings
    return "br" if accepted["br"] > 0 else "gzip" if accepted["gzip"] > 0 else None


def packed(data: bytes, encoding: str, *, is_kept: bool = False) -> bytes:
    """The data in the encoding. `is_kept`: worth more work."""
    if encoding == "br":
        return bytes(brotli.compress(data, quality=_THOROUGH if is_kept else _QUICK))
    return gzip.compress(data, compresslevel=_THOROUGH if is_kept else _QUICK, mtime=0)


def pack_answers(server: Flask) -> None:
    """Pack whole answers of the pages. Comes before whatever else looks at answers, so that it is done last."""

    def pack(response: Response) -> Response:
        if request.endpoint not in _PACKED or response.status_code != 200 or response.is_streamed:
            return response
        response.vary.add("Accept-Encoding")
        data = response.get_data()
        encoding = encoding_for_reader()
        if encoding is not None and len(data) >= _WORTH_IT and "Content-Encoding" not in response.headers:
            response.set_data(packed(data, encoding))
            response.headers["Content-Encoding"] = encoding
        return response

    server.after_request(pack)
