"""A stand-in for an identity provider, in process, that can fail in every way a test asks for.

It answers through a transport of the HTTP client, so nothing is listened on. Keys and signatures are made with the
`cryptography` package and by hand, not with the library that the product verifies them with.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ISSUER = "https://idp.kommun.example"
CLIENT = "samkoll"
PUBLIC = "https://samkoll.kommun.example"


def b64(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    """A number as a JWK writes it."""
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@dataclass
class SigningKey:
    """An RSA key with a name."""

    kid: str
    private: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @property
    def jwk(self) -> dict[str, str]:
        """The public half, as published."""
        public = self.private.public_key().public_numbers()
        return {
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": number(public.n), "e": number(public.e),
        }  # fmt: skip

    @property
    def pem(self) -> bytes:
        """The public half, as a file."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """A signed token, RS256."""
        text = _unsigned(header, claims)
        return f"{text}.{b64(self.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def sign_symmetric(secret: bytes, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token signed with a shared secret, HS256."""
    text = _unsigned(header, claims)
    return f"{text}.{b64(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def unsigned(claims: dict[str, Any]) -> str:
    """A token of algorithm `none`."""
    return _unsigned({"alg": "none", "typ": "JWT"}, claims) + "."


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(b64(json.dumps(part).encode()) for part in (header, claims))


@dataclass
class StandIn:
    """The provider. A test changes what it publishes (`published`, `document`), what it says of the user (`claims`),
    how it signs (`make`) and what fails (`down`: the address's path → a status, or None for silence)."""

    key: SigningKey
    published: list[dict[str, str]] = field(default_factory=list)
    document: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    make: Any = None
    down: dict[str, int | None] = field(default_factory=dict)
    asked: list[httpx2.Request] = field(default_factory=list)
    _challenges: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.published = self.published or [self.key.jwk]

    @property
    def transport(self) -> httpx2.MockTransport:
        """What the HTTP client sends by."""
        return httpx2.MockTransport(self._answer)

    def authorize(self, address: str) -> dict[str, str]:
        """What the user's browser does: the answer's parameters, for the address that it was sent to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{ISSUER}/authorize?")
        assert (query["response_type"], query["client_id"]) == ("code", CLIENT)
        assert query["code_challenge_method"] == "S256"
        assert query["redirect_uri"] == f"{PUBLIC}/logga-in/svar"
        code = f"code-{len(self._challenges)}"
        self._challenges[code] = (query["code_challenge"], query["nonce"])
        return {"code": code, "state": query["state"]}

    def token_claims(self, nonce: str) -> dict[str, Any]:
        """The ID token's content now."""
        now = int(time.time())
        usual = {
            "iss": ISSUER, "aud": CLIENT, "sub": "u-17", "iat": now, "exp": now + 300, "nonce": nonce,
            "preferred_username": "presidiet@kommun.example", "groups": ["g-presidium"],
        }  # fmt: skip
        return {name: value for name, value in (usual | self.claims).items() if name not in self.left_out}

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        path = request.url.path
        if path in self.down:
            status = self.down[path]
            if status is None:
                raise httpx2.ConnectTimeout("silence", request=request)
            return httpx2.Response(status, text="fel")
        match path:
            case "/.well-known/openid-configuration":
                return httpx2.Response(200, json=self._document())
            case "/keys":
                return httpx2.Response(200, json={"keys": self.published})
            case "/token":
                return self._token(request)
        return httpx2.Response(404)

    def _document(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "end_session_endpoint": f"{ISSUER}/logout",
        } | self.document

    def _token(self, request: httpx2.Request) -> httpx2.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        challenge, nonce = self._challenges.pop(form.get("code", ""), ("", ""))
        if b64(hashlib.sha256(form["code_verifier"].encode()).digest()) != challenge:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        claims = self.token_claims(nonce)
        make = self.make or (lambda told: self.key.sign({"alg": "RS256", "typ": "JWT", "kid": self.key.kid}, told))
        return httpx2.Response(200, json={"access_token": "a", "token_type": "Bearer", "id_token": make(claims)})
