"""The identity provider's discovery document: asked for here by the login, and by whoever examines the installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from warehouse.login_settings import is_safe_address

TIMEOUT = httpx2.Timeout(5.0, connect=3.0)


class ProviderDown(Exception):
    """The provider does not answer, or not with what it should: nobody can log in now. For the log, in English."""


class ProviderFault(Exception):
    """The provider answered, and the answer must not be trusted. For the log, in English; never holds a token."""


@dataclass(frozen=True)
class Discovery:
    """Where the provider does what."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    auth_methods: tuple[str, ...]
    """How it lets clients tell who they are, the specification's default when it says nothing."""
    names_itself: bool
    """Whether it names itself in its answers through the browser (RFC 9207)."""


def new_client(transport: httpx2.BaseTransport | None = None) -> httpx2.Client:
    """A client that waits for nobody long and follows no redirects. It trusts whom the machine trusts."""
    return httpx2.Client(timeout=TIMEOUT, follow_redirects=False, transport=transport)


def read_discovery(client: httpx2.Client, issuer: str) -> Discovery:
    """The document of an issuer, checked. ProviderDown and ProviderFault."""
    document = read_json(client, issuer.rstrip("/") + "/.well-known/openid-configuration")
    if document.get("issuer") != issuer:
        raise ProviderFault("the discovery document names another issuer")
    methods = document.get("token_endpoint_auth_methods_supported")
    return Discovery(
        _address(document, "authorization_endpoint"),
        _address(document, "token_endpoint"),
        _address(document, "jwks_uri"),
        _address(document, "end_session_endpoint") if document.get("end_session_endpoint") else None,
        tuple(map(str, methods)) if isinstance(methods, list) else ("client_secret_basic",),
        document.get("authorization_response_iss_parameter_supported") is True,
    )


def read_json(client: httpx2.Client, address: str) -> dict[str, Any]:
    """A JSON object that the provider publishes."""
    try:
        answer = client.get(address, headers={"Accept": "application/json"})
        answer.raise_for_status()
        found = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise ProviderDown(f"{address}: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise ProviderDown(f"{address}: not a JSON object")
    return found


def _address(document: Mapping[str, Any], name: str) -> str:
    address = document.get(name)
    if not isinstance(address, str) or not is_safe_address(address):
        raise ProviderFault(f"{name} of the discovery document is missing or not https")
    return address
