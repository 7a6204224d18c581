"""What every answer says to the browser: where scripts and styles may come from, what may be kept, who may frame it.

Nothing is allowed in line. Libraries make `<style>` elements as they run; those get the answer's nonce from the first
script of the page, `assets/nonce.js`, and a `style` attribute in markup does nothing.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

import dash
from flask import Flask, Response, g, has_request_context, request

from dashboard.rules import For, whom_for
from dashboard.static_files import LightDash

_NONCE = "{%nonce%}"
NONCE_TAG = f'<script src="{{%file nonce.js%}}" nonce="{_NONCE}"></script>'
"""First in the document's head, before anything that makes styles."""
_OWN_FILE = re.compile(r"\{%file ([\w.-]+)%\}")

_YEAR_S = 31_536_000
_REFUSED_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get",
    "screen-wake-lock", "usb", "xr-spatial-tracking",
)  # fmt: skip
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _REFUSED_FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class StrictDash(LightDash):
    """Dash with the answer's nonce in its document, and our own files by their content."""

    def interpolate_index(self, *parts: Any, **named: Any) -> str:
        """The document, with the nonce of this answer where it is asked for."""
        untyped: Any = super()
        document = str(untyped.interpolate_index(*parts, **named)).replace(_NONCE, _nonce())
        return _OWN_FILE.sub(lambda name: self.files.address(name[1]), document)


def send_headers(app: dash.Dash, *, is_encrypted: bool) -> None:
    """Give every answer of the application its headers, also refusals and errors. `is_encrypted`: whether browsers come
    by https, which a server in front of this one may have taken care of."""
    server: Flask = app.server
    found: list[str] = []

    def add(response: Response) -> Response:
        if not found:
            found.extend(app.csp_hashes())
        response.headers.update(_FIXED)
        response.headers["Content-Security-Policy"] = policy(found, _nonce())
        if is_encrypted:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR_S}; includeSubDomains"
        if response.status_code != 200 or whom_for(request) is not For.STATIC:
            response.headers["Cache-Control"] = "no-store"
        return response

    server.after_request(add)


def policy(script_hashes: list[str], nonce: str) -> str:
    """The content security policy. `data:` is for the small pictures in the libraries' own style sheets."""
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *script_hashes]),
        "style-src": f"'self' 'nonce-{nonce}'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def _nonce() -> str:
    """This answer's nonce; another one for each."""
    if not has_request_context():
        return ""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)
