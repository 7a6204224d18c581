"""Random secrets, and the only form in which the warehouse keeps them."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits, fit for a cookie, an address and a header."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """SHA-256: enough for a secret that nobody can guess, and safe to look up by."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
