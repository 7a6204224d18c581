"""The `[login]` table of the settings file: which identity provider, and what its groups may do here."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class GrantSetting(BaseModel):
    """What members of a group may do. `claim_value`: the group's id or name, as the provider's claim gives it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    claim_value: str = Field(min_length=1)
    role: str = Field(min_length=1)
    municipality: str = Field(pattern=r"^\d{4}$")
    boards: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The group and what it gives, in one line."""
        part = ", ".join((*self.boards, *self.units, *self.branches))
        return f"{self.claim_value}: {self.role} i {self.municipality}{f' ({part})' if part else ''}"


class LoginSettings(BaseModel):
    """OpenID Connect against the municipality's identity provider."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str
    """The provider's own name, exactly as its discovery document gives it."""
    client_id: str = Field(min_length=1)
    client_secret: SecretStr | None = None
    """None for a public client: PKCE alone."""
    public_address: str
    """What the browser uses, such as https://samkoll.kommunen.se, without a path."""
    scopes: tuple[str, ...] = ("openid", "profile")
    groups_claim: str = Field(default="groups", min_length=1)
    """A claim of the ID token, or a path such as realm_access.roles."""
    user_claim: str = Field(default="preferred_username", min_length=1)
    """What a user is called in the log and on the page; the provider's own id (sub) when it is missing."""
    skew_seconds: int = Field(default=60, ge=0, le=300)
    idle_minutes: int = Field(default=30, ge=1)
    absolute_hours: int = Field(default=10, ge=1, le=24)
    grants: tuple[GrantSetting, ...] = ()

    @field_validator("issuer", "public_address")
    @classmethod
    def _is_safe_address(cls, address: str) -> str:
        if not is_safe_address(address):
            raise ValueError("https address expected")
        return address

    @field_validator("public_address")
    @classmethod
    def _has_no_path(cls, address: str) -> str:
        parts = urlsplit(address)
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("https address expected")
        return address.rstrip("/")

    @field_validator("scopes")
    @classmethod
    def _asks_for_an_id_token(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        return scopes if "openid" in scopes else ("openid", *scopes)

    @property
    def is_encrypted(self) -> bool:
        """Whether browsers reach the pages by https."""
        return self.public_address.startswith("https://")


def is_safe_address(address: str) -> bool:
    """Whether secrets may travel there: https, or http to this machine itself."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or any(sign <= " " or sign == "\\" for sign in address):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
