"""Packages made by hand: Svedala's released figures, signed with a key of the tests' own."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from control.release.signing import SigningKey, signed
from tests.builders.figures import definition

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
TRUSTED = {"1263": KEY.public}
SHARE, COUNT = "sip_call_complete", "sip_established"
Numbers = tuple[float | None, float | None, float | None, int] | None
"""Numerator, denominator, value and cases; None when hidden."""


def value(unit: str, period: str, numbers: Numbers, release: int = 1, **more: Any) -> dict[str, Any]:
    """A released value."""
    found: dict[str, Any] = {"unit": unit, "period": period, "release": release, **more}
    if numbers is None:
        return found | {"suppressed": True}
    names = ("numerator", "denominator", "value", "cases")
    return found | {name: one for name, one in zip(names, numbers, strict=True) if one is not None}


def figure(kpi_id: str, *values: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A figure by the shipped definition."""
    found = definition(kpi_id)
    told: dict[str, Any] = {
        "id": kpi_id, "name": found.name, "unit": found.unit, "shape": found.shape.value, "decimals": found.decimals,
        "meaning": found.definition_hash, "values": list(values),
    }  # fmt: skip
    return told | ({"per": found.meaning.per} if found.meaning.per else {}) | changes


def share(numerator: int, denominator: int) -> Numbers:
    return float(numerator), float(denominator), numerator / denominator, denominator


def count(number: int) -> Numbers:
    return float(number), None, float(number), number


_PAYLOAD: dict[str, Any] = {
    "format": "samkoll-release",
    "version": 1,
    "municipality": {"code": "1263", "name": "Svedala"},
    "exported_at": "2025-02-03T10:00:00Z",
    "is_synthetic": True,
    "releases": [
        {
            "number": number, "board": "1263-SN", "period": "2024-T3", "revision": number - 1,
            "closed_at": f"2025-02-0{number}T12:00:00Z", "content_hash": f"{number}" * 64, "previous_hash": "0" * 64,
        } for number in (1, 2)
    ],
    "places": [
        {"code": "1263", "name": "Svedala", "level": "municipality"},
        {"code": "1263-SN", "name": "Socialnämnden", "level": "board", "area": "social"},
        {"code": "1263-UN", "name": "Utbildningsnämnden", "level": "board", "area": "education"},
        {"code": "1263-A", "name": "Barn och familj", "level": "unit"},
    ],
    "figures": [],
}  # fmt: skip


def payload(*figures: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """What Svedala's social board has released: a share that is shown, and its unit's, which is not."""
    found = copy.deepcopy(_PAYLOAD)
    found["figures"] = [copy.deepcopy(dict(one)) for one in figures] or [
        figure(SHARE, value("1263-SN", "2024-T3", share(311, 622)), value("1263-A", "2024-T3", None)),
    ]
    return found | changes


def package(*figures: Mapping[str, Any], key: SigningKey = KEY, **changes: Any) -> bytes:
    """The signed file."""
    return signed(payload(*figures, **changes), key)
