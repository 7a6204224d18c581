"""Keys are made once, readable by their owner only; kept bytes open only whole, in place and under their key."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from etl import vault as vault_module
from etl.keys import load_keys
from etl.vault import Vault
from warehouse.errors import UserError
from warehouse.settings import Settings


def test_missing_keys_are_made_once_with_a_warning(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    first = load_keys(settings)
    again = load_keys(settings)
    assert len(first.warnings) == 2
    assert again.warnings == ()
    assert first.pseudonym_key("") == again.pseudonym_key("")
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in first.made)
    assert len(list(tmp_path.iterdir())) == 2, "no draft is left"


def test_a_given_key_is_used_and_a_short_one_refused(tmp_path: Path) -> None:
    given_key = SecretStr("x" * 32)
    settings = Settings(data_dir=tmp_path, pseudonym_key=given_key, board_pseudonym_keys={"skola": SecretStr("y" * 32)})
    keys = load_keys(settings)
    assert keys.pseudonym_key("social") == "x" * 32
    assert keys.pseudonym_key("skola") == "y" * 32
    with pytest.raises(UserError, match="för kort"):
        load_keys(Settings(data_dir=tmp_path, pseudonym_key=SecretStr("x" * 31)))


@given(st.binary(max_size=2000), st.integers(1, 50))
def test_what_is_sealed_opens_again(content: bytes, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault_module, "CHUNK_BYTES", chunk)
        chunks = list(Vault("k" * 32).seal(content, 7))
        assert Vault("k" * 32).open(chunks, 7) == content


def test_moved_changed_dropped_or_foreign_chunks_do_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_module, "CHUNK_BYTES", 16)
    vault = Vault("k" * 32)
    chunks = list(vault.seal(bytes(range(200)), 7))
    broken = chunks[0][:-1] + bytes([chunks[0][-1] ^ 1])
    for wrong, delivery in (
        (chunks, 8), (chunks[:-1], 7), ([chunks[1], chunks[0], *chunks[2:]], 7), ([broken, *chunks[1:]], 7),
    ):  # fmt: skip
        with pytest.raises(UserError, match="går inte att läsa"):
            vault.open(wrong, delivery)
    with pytest.raises(UserError, match="SAMKOLL_ENCRYPTION_KEY"):
        Vault("l" * 32).open(chunks, 7)
