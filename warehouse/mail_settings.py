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


class MailSettings(BaseModel):
    """SMTP, encrypted always: nothing is sent to a server whose certificate does not hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls"] = "starttls"
    user: str = ""
    password: SecretStr | None = None
    sender: Address
    recipients: Mapping[str, tuple[Address, ...]] = {}
    """The addresses of offices, by board; a board without any gets no mail."""
    ca_file: Path | None = None
    """Who vouches for the server's certificate, where it is not one that the operating system trusts."""
    timeout_seconds: int = Field(default=20, ge=1, le=120)
