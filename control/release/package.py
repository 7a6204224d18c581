"""A package of a municipality's released figures as one signed file: made, read and proven. Pure.

Whatever a file holds, it is refused unless every byte is what the trusted key signed, and then again unless every value
is one that a release can have. The sentences name the place in the file and never repeat what stands there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from pydantic import ValidationError

from control.release.package_content import MOST_VALUES, Figure, Payload, Value
from control.release.signing import SigningKey, canonical, check_trusted, fingerprint, is_signed, signed
from kpi.period import Period
from warehouse import clock
from warehouse.errors import UserError

MOST_BYTES = 64 * 1024 * 1024
ENDING = ".samkoll.json"
_ENVELOPE = ("fingerprint", "payload", "public_key", "signature")
_CLOCKS_DIFFER = timedelta(hours=1)
_NEAR = 1e-9


@dataclass(frozen=True)
class Package:
    """A package that has been proven. `fingerprint`: of the key that signed it; `sha256`: of the whole file."""

    payload: Payload
    fingerprint: str
    sha256: str


class PackageRefused(UserError):
    """A package that is not read in, and why."""


def reaches(payload: Payload) -> Period:
    """The closed period that ends last, the longest of several."""
    periods = (Period.parse(one.period) for one in payload.releases)
    return max(periods, key=lambda one: (one.last_day, one.type.months))


def write_package(payload: Payload, key: SigningKey) -> bytes:
    """The signed file; the same payload and key give the same bytes."""
    return signed(payload.model_dump(mode="json", exclude_none=True), key)


def read_package(content: bytes, name: str, trusted: Mapping[str, str], now: datetime) -> Package:
    """The package of a file called `name`; PackageRefused with the reason and what to do about it.

    `trusted`: by municipality code, the public key that speaks for it.
    """
    check_trusted(trusted)
    envelope = _envelope(content, name)
    payload = envelope["payload"]
    _prove(envelope, payload, name, trusted)
    try:
        found = Payload.model_validate_json(canonical(payload))
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        is_unknown = first["type"] == "extra_forbidden"  # then the last part is the file's own word
        _refuse_content(name, _place(first["loc"][:-1] if is_unknown else first["loc"]), _reason(first["type"]))
    for place, reason in _faults(found, now):
        _refuse_content(name, place, reason)
    return Package(found, fingerprint(envelope["public_key"]), hashlib.sha256(content).hexdigest())


def _envelope(content: bytes, name: str) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise PackageRefused(
            f"{name} är större än {MOST_BYTES // 1024**2} MB och läses inte in. Be avsändaren göra ett paket för en "
            "kortare tid med --until."
        )
    try:
        found = json.loads(content, parse_constant=_no_number)
        is_whole = isinstance(found, dict) and tuple(sorted(found)) == _ENVELOPE and canonical(found) == content
    except (ValueError, RecursionError):
        is_whole = False
    if not is_whole or not isinstance(found["payload"], dict):
        raise PackageRefused(
            f"{name} är inget paket som Samkoll har gjort, eller så har filen ändrats på vägen. Be avsändaren om filen "
            "på nytt, orörd."
        )
    return dict(found)


def _no_number(_text: str) -> NoReturn:
    raise ValueError("no number")


def _prove(envelope: Mapping[str, Any], payload: Mapping[str, Any], name: str, trusted: Mapping[str, str]) -> None:
    municipality = payload.get("municipality")
    code = municipality.get("code") if isinstance(municipality, dict) else None
    if not isinstance(code, str) or code not in trusted:
        known = ", ".join(sorted(trusted)) or "ingen"
        raise PackageRefused(
            f"{name} kommer inte från någon kommun vars nyckel ni litar på ({known}). Be kommunen om raden som "
            "”samkoll release key” skriver, kontrollera den i ett samtal, och lägg den under [trusted_releases] i "
            "samkoll.toml."
        )
    public = trusted[code]
    if envelope["public_key"] != public:
        raise PackageRefused(
            f"{name} är inte signerat med den nyckel som ni litar på för {code} (fingeravtryck "
            f"{fingerprint(public)[:16]}). Har kommunen bytt nyckel: kontrollera den nya i ett samtal och ändra "
            "[trusted_releases] i samkoll.toml. Annars ska paketet inte användas."
        )
    signature = envelope["signature"]
    is_told_right = envelope["fingerprint"] == fingerprint(public)
    if not (isinstance(signature, str) and is_told_right and is_signed(payload, signature, public)):
        raise PackageRefused(
            f"{name} har ändrats efter att {code} signerade det, och läses inte in. Be kommunen om filen på nytt, "
            "orörd."
        )


# --- contents ----------------------------------------------------------------


def _faults(payload: Payload, now: datetime) -> Iterator[tuple[str, str]]:
    """What no release can hold: place and reason."""
    if payload.exported_at > clock.utc(now) + _CLOCKS_DIFFER:
        yield "exported_at", "ligger i framtiden; någons klocka går fel"
    numbers = {one.number for one in payload.releases}
    places = {one.code for one in payload.places}
    yield from _twice("releases", [one.number for one in payload.releases])
    yield from _twice("places", [one.code for one in payload.places])
    yield from _twice("figures", [(one.id, one.meaning) for one in payload.figures])
    for at, closing in enumerate(payload.releases):
        if closing.board not in places:
            yield f"releases[{at}].board", "är ingen av paketets platser"
    if sum(len(one.values) for one in payload.figures) > MOST_VALUES:
        yield "figures", f"har fler än {MOST_VALUES} värden"
    seen = set()
    day = clock.local(payload.exported_at).date()
    for at, figure in enumerate(payload.figures):
        for number, value in enumerate(figure.values):
            place = f"figures[{at}].values[{number}]"
            key = figure.id, value.unit, value.period, value.split
            if key in seen:
                yield place, "finns två gånger"
            seen.add(key)
            if value.unit not in places:
                yield f"{place}.unit", "är ingen av paketets platser"
            if value.release not in numbers:
                yield f"{place}.release", "är ingen av paketets stängningar"
            if Period.parse(value.period).last_day >= day:
                yield f"{place}.period", "var inte slut när paketet gjordes"
            reason = _number_fault(figure, value)
            if reason is not None:
                yield place, reason


def _twice(name: str, keys: list[Any]) -> Iterator[tuple[str, str]]:
    if len(set(keys)) < len(keys):
        yield name, "nämner samma sak två gånger"


def _number_fault(figure: Figure, value: Value) -> str | None:
    """Why these are not the numbers of such a figure; None when they may be."""
    above, below, told, cases = value.numerator, value.denominator, value.value, value.cases
    if value.suppressed:
        is_empty = (above, below, told, cases) == (None,) * 4
        return None if is_empty else "är dolt men har ändå tal"
    if cases is None:
        return "varken visas eller är dolt"
    if figure.shape in ("gap", "number"):
        return None if (above, below) == (None, None) and told is not None else "har inte talen för ett sådant mått"
    if above is None:
        return "saknar antal"
    if figure.shape == "count":
        return None if below is None and told == above else "är ett antal med fel tal"
    if below is None:
        return "saknar nämnare"
    if figure.shape == "share" and above > below:
        return "har en täljare som är större än nämnaren"
    if (figure.shape == "rate") != (figure.per is not None):
        return "har fel faktor"
    expected = above * (figure.per or 1) / below if below else None
    if expected is None or told is None:
        return None if expected is told else "är inte täljaren genom nämnaren"
    return None if abs(told - expected) <= _NEAR * max(1.0, abs(expected)) else "är inte täljaren genom nämnaren"


_REASONS = {
    "missing": "saknas",
    "extra_forbidden": "har ett fält som den här versionen inte känner till",
    "literal_error": "har ett värde som inte finns",
    "string_pattern_mismatch": "är skrivet på fel sätt",
    "string_too_long": "är för långt",
    "string_too_short": "är tomt",
    "too_long": "har för många delar",
    "too_short": "är tomt",
    "greater_than_equal": "är ett för litet tal",
    "less_than_equal": "är ett för stort tal",
    "value_error": "innehåller tecken, nummer eller perioder som inte får stå där",
}


def _reason(type_: str) -> str:
    return _REASONS.get(type_, "är av fel sort")


def _place(loc: tuple[int | str, ...]) -> str:
    """`figures[3].values[17].numerator`."""
    return "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in loc).lstrip(".") or "paketet"


def _refuse_content(name: str, place: str, reason: str) -> NoReturn:
    raise PackageRefused(
        f"{name}: {place} {reason}. Inget är inläst. Be avsändaren göra paketet på nytt med samma version av Samkoll."
    )
