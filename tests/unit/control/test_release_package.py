"""A package is read as it was signed, byte for byte, and holds only what a release can hold."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import SecretStr

from control.release import package as package_module
from control.release.package import PackageRefused, read_package, write_package
from control.release.signing import canonical, fingerprint, load_signing_key, signed
from tests.builders.packages import (
    COUNT,
    KEY,
    OTHER_KEY,
    SHARE,
    TRUSTED,
    count,
    figure,
    package,
    payload,
    share,
    value,
)
from warehouse.errors import UserError
from warehouse.settings import Settings

NOW = datetime(2025, 2, 4, tzinfo=UTC)


def read(content: bytes, trusted: dict[str, str] | None = None) -> package_module.Package:
    return read_package(content, "paket.json", TRUSTED if trusted is None else trusted, NOW)


def test_what_is_written_is_read_again_and_is_the_same_bytes() -> None:
    content = package()
    found = read(content)
    assert write_package(found.payload, KEY) == content
    assert found.payload.figures[0].values[0].numerator == 311
    assert found.payload.figures[0].values[1].suppressed is True
    assert found.fingerprint == fingerprint(KEY.public)


def test_anybody_can_prove_a_package_with_the_public_key_alone() -> None:
    envelope = json.loads(package())
    told = json.dumps(envelope["payload"], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(KEY.public))
    key.verify(base64.b64decode(envelope["signature"]), told)


def test_every_changed_byte_is_refused() -> None:
    content = package()
    for at in range(len(content)):
        for mask in (0x01, 0x20, 0x80):
            changed = content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]
            with pytest.raises(PackageRefused):
                read(changed)
    for changed in (content[:-1], content + b"\n", b" " + content, b"", b"\xef\xbb\xbf" + content, b"[" * 100_000):
        with pytest.raises(PackageRefused):
            read(changed)


def test_only_the_key_that_speaks_for_the_municipality_is_believed() -> None:
    with pytest.raises(PackageRefused, match="inte signerat med den nyckel"):
        read(package(key=OTHER_KEY))
    with pytest.raises(PackageRefused, match="vars nyckel ni litar på"):
        read(package(), {})
    with pytest.raises(PackageRefused, match="vars nyckel ni litar på"):
        read(package(municipality={"code": "1233", "name": "Vellinge"}))
    with pytest.raises(PackageRefused, match="inte signerat med den nyckel"):
        read(package(municipality={"code": "1233", "name": "Vellinge"}), TRUSTED | {"1233": OTHER_KEY.public})
    borrowed = json.loads(package(key=OTHER_KEY))
    borrowed |= {"public_key": KEY.public, "fingerprint": fingerprint(KEY.public)}
    with pytest.raises(PackageRefused, match="har ändrats"):
        read(canonical(borrowed))
    with pytest.raises(UserError, match="1263 är ingen publik nyckel"):
        read(package(), {"1263": "nyckel"})


def test_a_file_that_is_too_large_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_module, "MOST_BYTES", 100)
    with pytest.raises(PackageRefused, match="--until"):
        read(package())


Change = Callable[[dict[str, Any]], None]
FIRST = ("figures", 0, "values", 0)


def put(*path: Any, to: Any) -> Change:
    def change(found: Any) -> None:
        for step in path[:-1]:
            found = found[step]
        found[path[-1]] = to

    return change


HOSTILE: list[tuple[Change, str]] = [
    (put(*FIRST, "suppressed", to=True), r"figures\[0\].values\[0\] är dolt men har ändå tal"),
    (put(*FIRST, "suppressed", to=False), "värde som inte finns"),
    (put(*FIRST, "numerator", to=623.0), "täljare som är större"),
    (put(*FIRST, "numerator", to=-1.0), r"values\[0\].numerator är ett för litet tal"),
    (put(*FIRST, "numerator", to="311"), "fel sort"),
    (put(*FIRST, "numerator", to=True), "fel sort"),
    (put(*FIRST, "value", to=0.6), "inte täljaren genom nämnaren"),
    (put(*FIRST, "value", to=1e300), "för stort tal"),
    (put(*FIRST, "cases", to=1.5), "fel sort"),
    (put(*FIRST, "period", to="2024-13"), "inte får stå där"),
    (put(*FIRST, "period", to="٢٠٢٤"), "inte får stå där"),
    (put(*FIRST, "period", to="2025"), "inte slut"),
    (put(*FIRST, "unit", to="1287-SN"), "ingen av paketets platser"),
    (put(*FIRST, "release", to=9), "ingen av paketets stängningar"),
    (put(*FIRST, "split", to="actor=bup;=x"), "fel sätt"),
    (put("figures", 0, "values", 1, to=payload()["figures"][0]["values"][0]), "finns två gånger"),
    (put("figures", 0, "values", to=[]), "är tomt"),
    (put("figures", 0, "values", 1, to={"unit": "1263-A", "period": "2024-T3", "release": 1}), "varken visas"),
    (put("figures", 0, "unit", to="kronor"), "värde som inte finns"),
    (put("figures", 0, "shape", to="count"), "antal med fel tal"),
    (put("figures", 0, "shape", to="rate"), "fel faktor"),
    (put("figures", 0, "per", to=1000), "fel faktor"),
    (put("figures", 0, "id", to="DROP TABLE"), "fel sätt"),
    (put("figures", 0, "extra<script>", to=1), r"figures\[0\] har ett fält"),
    (put("figures", to=payload()["figures"] * 2), "samma sak två gånger"),
    (put("places", 0, "level", to="region"), "värde som inte finns"),
    (put("places", 0, "name", to="Svedala\u202emoc"), "inte får stå där"),
    (put("places", 0, "name", to="Anna 121212-1212"), "inte får stå där"),
    (put("places", 0, "name", to="x" * 201), "för långt"),
    (put("municipality", "name", to="<a href='https://x.example'>Svedala</a>"), "inte får stå där"),
    (put("places", to=payload()["places"] * 2), "samma sak två gånger"),
    (put("releases", 0, "board", to="1263-XX"), "ingen av paketets platser"),
    (put("releases", 0, "content_hash", to="g" * 64), "fel sätt"),
    (put("releases", to=[]), "är tomt"),
    (put("exported_at", to="2031-01-01T00:00:00Z"), "framtiden"),
    (put("version", to=2), "värde som inte finns"),
    (put("format", to="annat"), "värde som inte finns"),
]


@pytest.mark.parametrize(("change", "sentence"), HOSTILE)
def test_what_no_release_can_hold_is_refused_although_it_is_signed(change: Change, sentence: str) -> None:
    found = payload()
    change(found)
    with pytest.raises(PackageRefused, match=sentence) as refused:
        read(signed(found, KEY))
    told = str(refused.value)
    assert told.startswith("paket.json: ")
    assert not any(one in told for one in ("script", "DROP", "121212", "\u202e", "kronor"))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "-0x1"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(PackageRefused):
        read(package().replace(b"311.0", number.encode()))


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_module, "MOST_VALUES", 1)
    with pytest.raises(PackageRefused, match="fler än 1 värden"):
        read(package())


def test_every_shape_has_its_own_numbers() -> None:
    content = package(
        figure(COUNT, value("1263-SN", "2024-T3", count(31))),
        figure(SHARE, value("1263-SN", "2024-T3", (0.0, 0.0, None, 0)), value("1263", "2024-T3", share(1, 3))),
        figure("sip_per_1000", value("1263", "2024", (21.0, 9817.0, 21.0 * 1000 / 9817.0, 21))),
        figure("sip_lead_time", value("1263-SN", "2024-T3", (None, None, 34.5, 12))),
        figure("sip_school_gap", value("1263-SN", "2024-T3", (None, None, -0.09, 10))),
    )
    assert len(read(content).payload.figures) == 5


def test_a_key_is_made_once_and_a_given_one_is_used(tmp_path: Path) -> None:
    first = load_signing_key(Settings(data_dir=tmp_path))
    again = load_signing_key(Settings(data_dir=tmp_path))
    assert first.made is not None
    assert stat.S_IMODE(first.made.stat().st_mode) == 0o600
    assert (again.made, again.public) == (None, first.public)
    given = base64.b64encode(bytes(range(32))).decode()
    assert load_signing_key(Settings(data_dir=tmp_path, release_key=SecretStr(given))).public == KEY.public
    with pytest.raises(UserError, match="SAMKOLL_RELEASE_KEY är ingen signeringsnyckel") as refused:
        load_signing_key(Settings(data_dir=tmp_path, release_key=SecretStr("hemligt")))
    assert "hemligt" not in str(refused.value)
