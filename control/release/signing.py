"""Signs and proves packages: Ed25519 (RFC 8032) over the canonical bytes of what a package says.

Trust comes from the receiver's settings only. A package tells which key it was signed by, so that a wrong one can be
named; it is never believed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from warehouse.errors import UserError
from warehouse.key_file import make_key_file
from warehouse.settings import Settings

KEY_FILE = "release-signing.key"
_BYTES = 32


@dataclass(frozen=True)
class SigningKey:
    """The installation's own key; `made`: its file, when it was made just now."""

    private: Ed25519PrivateKey
    made: Path | None = None

    @property
    def public(self) -> str:
        """The public key as others write it in their settings."""
        return _text(self.private.public_key().public_bytes_raw())


def load_signing_key(settings: Settings) -> SigningKey:
    """The key of the settings, else of the data folder, where it is made when it is missing."""
    if settings.release_key is not None:
        return SigningKey(_private(settings.release_key.get_secret_value(), "SAMKOLL_RELEASE_KEY"))
    path = settings.data_dir / KEY_FILE
    try:
        made = None
        if not path.exists():
            make_key_file(path, _text(Ed25519PrivateKey.generate().private_bytes_raw()))
            made = path
        return SigningKey(_private(path.read_text(encoding="utf-8").strip(), str(path)), made)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"Nyckelfilen {path} går inte att läsa eller skapa. Sätt SAMKOLL_RELEASE_KEY eller rätta rättigheterna."
        ) from error


def fingerprint(public: str) -> str:
    """SHA-256 of a public key, for people to compare."""
    return hashlib.sha256(base64.b64decode(public)).hexdigest()


def canonical(value: Any) -> bytes:
    """The only bytes that a JSON value is written as: sorted keys, no spaces, UTF-8. ValueError for no number."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def signed(payload: Mapping[str, Any], key: SigningKey) -> bytes:
    """The package's file."""
    envelope = {
        "payload": payload,
        "public_key": key.public,
        "fingerprint": fingerprint(key.public),
        "signature": _text(key.private.sign(canonical(payload))),
    }
    return canonical(envelope)


def is_signed(payload: Mapping[str, Any], signature: str, public: str) -> bool:
    """Whether the key that is trusted signed exactly this."""
    try:
        key = Ed25519PublicKey.from_public_bytes(_raw(public))
        key.verify(_raw(signature), canonical(payload))
    except (InvalidSignature, ValueError):
        return False
    return True


def check_trusted(trusted: Mapping[str, str]) -> None:
    """UserError for a trusted key that is no public key, so that a slip in the settings is told as such."""
    for code, public in trusted.items():
        try:
            is_key = len(_raw(public)) == _BYTES
        except ValueError:
            is_key = False
        if not is_key:
            raise UserError(
                f"trusted_releases: nyckeln för {code} är ingen publik nyckel. Kopiera raden som kommunen har fått av "
                "”samkoll release key”."
            )


def _private(text: str, where: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(_raw(text))
    except ValueError:
        raise UserError(
            f"Nyckeln i {where} är ingen signeringsnyckel. Återställ den från säkerhetskopian. Utan den: ta bort den, "
            "så görs en ny, och skicka det som ”samkoll release key” skriver till dem som läser in era paket."
        ) from None


def _raw(text: str) -> bytes:
    """The bytes of base64 in its only spelling; ValueError otherwise."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    if _text(raw) != text:
        raise ValueError("no canonical base64")
    return raw


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
