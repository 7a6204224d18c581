"""The two secret keys: for pseudonyms and for kept bytes. From the settings, else from files made in the data folder.

A made key is a file that only its owner can read (mode 0600); losing it means that kept bytes cannot be read and that
every person gets a new pseudonym, so the user is warned when one is made.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from warehouse.errors import UserError
from warehouse.key_file import make_key_file
from warehouse.settings import Settings

PSEUDONYM_KEY_FILE = "pseudonym.key"
ENCRYPTION_KEY_FILE = "encryption.key"
_SHORTEST = 32


@dataclass(frozen=True)
class Keys:
    """The keys of an installation; `made` tells which files were created just now."""

    pseudonym: SecretStr
    boards: dict[str, SecretStr]
    encryption: SecretStr
    made: tuple[Path, ...] = ()

    def pseudonym_key(self, board: str) -> str:
        """The key for a board: its own when one is set."""
        return self.boards.get(board, self.pseudonym).get_secret_value()

    @property
    def warnings(self) -> tuple[str, ...]:
        """A sentence for each key that was made."""
        return tuple(
            f"Nyckeln {path.name} fanns inte och har skapats i {path.parent}. Säkerhetskopiera den på ett skyddat "
            "ställe: utan den kan sparade leveranser inte läsas och personer inte kännas igen."
            for path in self.made
        )


def load_keys(settings: Settings) -> Keys:
    """The installation's keys; UserError when one is too short or cannot be read."""
    made: list[Path] = []
    pseudonym = _key(settings.pseudonym_key, "SAMKOLL_PSEUDONYM_KEY", settings.data_dir / PSEUDONYM_KEY_FILE, made)
    encryption = _key(settings.encryption_key, "SAMKOLL_ENCRYPTION_KEY", settings.data_dir / ENCRYPTION_KEY_FILE, made)
    for board, key in settings.board_pseudonym_keys.items():
        _check(key.get_secret_value(), f"SAMKOLL_BOARD_PSEUDONYM_KEYS[{board}]")
    return Keys(SecretStr(pseudonym), settings.board_pseudonym_keys, SecretStr(encryption), tuple(made))


def _key(given: SecretStr | None, setting: str, path: Path, made: list[Path]) -> str:
    if given is not None:
        return _check(given.get_secret_value(), setting)
    try:
        if not path.exists():
            make_key_file(path, secrets.token_urlsafe(48))
            made.append(path)
        return _check(path.read_text(encoding="utf-8").strip(), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"Nyckelfilen {path} går inte att läsa eller skapa. Sätt {setting} eller rätta rättigheterna."
        ) from error


def _check(key: str, where: str) -> str:
    if len(key) < _SHORTEST:
        raise UserError(f"Nyckeln i {where} är för kort. Ange en hemlig text på minst {_SHORTEST} tecken.")
    return key
