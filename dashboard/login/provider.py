"""The municipality's identity provider: where to send a reader, and whether what comes back can be trusted.

Authorization code with PKCE. The ID token must be signed by one of the provider's own keys with an asymmetric
algorithm, be issued by it, for us, now, and for this very login.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from control.login.discovery import (
    TIMEOUT,
    Discovery,
    ProviderDown,
    ProviderFault,
    new_client,
    read_discovery,
    read_json,
)
from control.login.secret import new_secret
from warehouse.login_settings import LoginSettings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Never `none`, and never a symmetric one: then the provider's public key could be used to sign."""
_KEY_TYPES = {"R": "RSA", "P": "RSA", "E": "EC"}
_FRESH_S = 10.0
_OLD_S = 3600.0
_REMEMBER_FAILURE_S = 5.0
T = TypeVar("T")


@dataclass(frozen=True)
class Beginning:
    """A login that is about to begin: the address to send the reader to, and what must be remembered meanwhile."""

    address: str
    state: str
    nonce: str
    code_verifier: str


class Provider:
    """One per process; safe to share between threads. `transport` stands in for the network in tests."""

    def __init__(self, settings: LoginSettings, *, transport: httpx2.BaseTransport | None = None) -> None:
        self._settings = settings
        self._transport = transport
        self._discovery = _Kept(self._read_discovery)
        self._keys = _Kept(self._read_keys)

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends the reader back."""
        return f"{self._settings.public_address}/logga-in/svar"

    def begin(self) -> Beginning:
        """A new login. ProviderDown when the provider does not answer now, so that nobody is sent to a dead page."""
        endpoint = self._discovery.get(_FRESH_S).authorization_endpoint
        state, nonce, verifier = new_secret(), new_secret(), secrets.token_urlsafe(48)
        with self._client(()) as client:
            address, _ = client.create_authorization_url(endpoint, state=state, code_verifier=verifier, nonce=nonce)
        return Beginning(address, state, nonce, verifier)

    def finish(self, answer: Mapping[str, str], nonce: str, code_verifier: str) -> dict[str, Any]:
        """The verified claims behind the answer that the reader's browser brought. ProviderDown and ProviderFault."""
        discovery = self._discovery.get(_OLD_S)
        self._check_answer(answer, discovery)
        with self._client(discovery.auth_methods) as client:
            try:
                token = client.fetch_token(
                    discovery.token_endpoint,
                    grant_type="authorization_code",
                    code=answer["code"],
                    redirect_uri=self.redirect_uri,
                    code_verifier=code_verifier,
                )
            except OAuthError as error:
                raise ProviderFault(f"the token endpoint refused: {_code(error.error)}") from error
            except (httpx2.HTTPError, ValueError) as error:
                raise ProviderDown(f"the token endpoint: {type(error).__name__}") from error
        if not isinstance(token.get("id_token"), str):
            raise ProviderFault("no ID token")
        return self._verified(token["id_token"], nonce, token.get("access_token"))

    def logout_address(self, back: str) -> str | None:
        """Where the provider ends its own session; None when it has no such place, or does not answer."""
        try:
            endpoint = self._discovery.get(_OLD_S).end_session_endpoint
        except (ProviderDown, ProviderFault):
            return None
        if endpoint is None:
            return None
        query = urlencode({"client_id": self._settings.client_id, "post_logout_redirect_uri": back})
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"

    def _check_answer(self, answer: Mapping[str, str], discovery: Discovery) -> None:
        issuer = answer.get("iss")
        if issuer is None and discovery.names_itself:
            raise ProviderFault("the answer does not say whose it is")
        if issuer is not None and issuer != self._settings.issuer:
            raise ProviderFault("the answer is another issuer's")
        if "error" in answer:
            raise ProviderFault(f"the provider refused: {_code(answer['error'])}")
        if not answer.get("code"):
            raise ProviderFault("no code in the answer")

    def _client(self, auth_methods: tuple[str, ...]) -> OAuth2Client:
        secret = self._settings.client_secret
        method = "none" if secret is None else "client_secret_basic"
        if secret is not None and "client_secret_basic" not in auth_methods and "client_secret_post" in auth_methods:
            method = "client_secret_post"
        return OAuth2Client(
            client_id=self._settings.client_id,
            client_secret=None if secret is None else secret.get_secret_value(),
            token_endpoint_auth_method=method,
            scope=" ".join(self._settings.scopes),
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT,
            transport=self._transport,
        )

    def _verified(self, id_token: str, nonce: str, access_token: object) -> dict[str, Any]:
        try:
            header = jws.extract_compact(id_token.encode("ascii")).headers()
            if header.get("alg") not in ALGORITHMS:
                raise ProviderFault("the ID token is signed by an algorithm that is not allowed")
            found = self._decoded(id_token, header)
            claims = CodeIDToken(
                found.claims,
                found.header,
                {
                    "iss": {"essential": True, "value": self._settings.issuer},
                    "aud": {"essential": True, "value": self._settings.client_id},
                },
                {"nonce": nonce, "client_id": self._settings.client_id, "access_token": access_token},
            )
            claims.validate(leeway=self._settings.skew_seconds)
        except (JoseError, ValueError) as error:
            raise ProviderFault(f"the ID token: {getattr(error, 'error', '') or type(error).__name__}") from error
        return dict(claims)

    def _decoded(self, id_token: str, header: Mapping[str, Any]) -> jwt.Token:
        """The token under the key that it names; the provider's keys are asked for again when none fits."""
        for age in (_OLD_S, 0.0):
            for key in self._keys.get(age):
                if _may_have_signed(key, header):
                    try:
                        return jwt.decode(id_token, key, algorithms=[header["alg"]])
                    except JoseError:
                        if header.get("kid") is not None:
                            raise
        raise ProviderFault("no key of the provider's fits the ID token")

    def _read_discovery(self) -> Discovery:
        with new_client(self._transport) as client:
            return read_discovery(client, self._settings.issuer)

    def _read_keys(self) -> tuple[Key, ...]:
        address = self._discovery.get(_OLD_S).jwks_uri
        with new_client(self._transport) as client:
            published = read_json(client, address).get("keys")
        found = []
        for entry in published if isinstance(published, list) else ():
            try:
                found.append(JWKRegistry.import_key(entry))
            except (JoseError, ValueError, TypeError):
                continue  # a kind of key that is not known here may stand beside ours
        return tuple(found)


def _code(told: object) -> str:
    """An error code of OAuth's as the log may hold it, whatever was sent in its place."""
    return re.sub(r"[^a-z_]", "?", str(told)[:60])


def _may_have_signed(key: Key, header: Mapping[str, Any]) -> bool:
    if key.key_type != _KEY_TYPES[header["alg"][0]] or key.get("use") not in (None, "sig"):
        return False
    if key.get("alg") not in (None, header["alg"]):
        return False
    return header.get("kid") is None or key.kid == header["kid"]


class _Kept(Generic[T]):
    """Something read from the provider, kept for a while. One thread asks at a time, and a failure is remembered for a
    moment, so that a dead provider does not hold up those who are logged in."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._found: tuple[float, T] | None = None
        self._failed: tuple[float, ProviderDown | ProviderFault] | None = None

    def get(self, oldest_s: float) -> T:
        """What was read at most so long ago, else read now."""
        with self._lock:
            now = time.monotonic()
            if self._found is not None and now - self._found[0] < oldest_s:
                return self._found[1]
            if self._failed is not None and now - self._failed[0] < _REMEMBER_FAILURE_S:
                raise type(self._failed[1])(str(self._failed[1]))
            try:
                found = self._read()
            except (ProviderDown, ProviderFault) as error:
                self._failed = (time.monotonic(), error)
                raise
            self._found, self._failed = (time.monotonic(), found), None
            return found
