"""The `[mail]` table of the settings file: the server that notices are mailed by, and to whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,250}")


def _is_address(text: str) -> str:
    if _ADDRESS.fullmatch(text) is None:
        raise ValueError("an address expected")
    return text


Address = Annotated[str, AfterValidator(_is_address)]


def _is_ascii(given: SecretStr) -> SecretStr:
    if not given.get_secret_value().isascii():
        raise ValueError("ASCII expected")  # never the value
    return given


class MailSettings(BaseModel):
    """SMTP, encrypted always: nothing is sent to a server whose certificate does not hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls"] = "starttls"
    user: str = Field(default="", pattern=r"^[\x20-\x7e]*$")
    password: Annotated[SecretStr, AfterValidator(_is_ascii)] | None = None
    """Like the user in ASCII only: the login of SMTP is made so."""
    sender: Address
    recipients: Mapping[str, tuple[Address, ...]] = {}
    """The addresses of offices, by board; a board without any gets no mail."""
    ca_file: Path | None = None
    """Who vouches for the server's certificate, where it is not one that the operating system trusts."""
    timeout_seconds: int = Field(default=20, ge=1, le=120)
