"""Forged requests: what changes something must come from our own pages, and say so in two ways.

The browser tells where a request comes from (`Origin`, `Sec-Fetch-Site`), and our script sends back a token that
stands in a cookie which other sites cannot read. It follows from the session's own secret: another's is no use.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import Request

from dashboard.rules import CALLBACK

HEADER = "X-Samkoll-CSRF"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_RELOAD = "Ladda om sidan och försök igen."


def token_for(secret: str) -> str:
    """The token of a session, by the secret in its cookie; the secret cannot be found from it."""
    return hmac.new(secret.encode("utf-8", "surrogatepass"), b"samkoll csrf", hashlib.sha256).hexdigest()


def reader_of(secret: str | None) -> str | None:
    """A name for whoever holds the session's secret, of no use to others; None without one."""
    return token_for(secret) if secret else None


def changes_something(request: Request) -> bool:
    """Whether the request is one that must be ours."""
    return request.method not in _SAFE


def forgery(request: Request, *, origin: str, secret: str | None) -> str | None:
    """Why a request that changes something is refused, as a sentence; None when it is ours.

    `origin`: where our pages are; `secret`: the session's, None when there is none.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return f"Begäran kom från en annan webbplats och utfördes inte. {_RELOAD}"
    if request.headers.get("Origin", origin) != origin:
        return f"Begäran kom från en annan webbplats och utfördes inte. {_RELOAD}"
    if request.path == CALLBACK and request.mimetype != "application/json":
        return f"Begäran har fel form och utfördes inte. {_RELOAD}"
    sent = request.headers.get(HEADER, "")
    if secret is None or not hmac.compare_digest(sent.encode(), token_for(secret).encode()):
        return f"Begäran saknar sidans säkerhetsmärke och utfördes inte. {_RELOAD}"
    return None
