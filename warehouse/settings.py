"""Settings: environment variables `SAMKOLL_…`, else a settings file, else defaults that work in `./var`."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

ROOT = Path(__file__).resolve().parent.parent
SETTINGS_FILE = "samkoll.toml"


class Settings(BaseSettings):
    """What an installation decides. A settings file is `samkoll.toml`, or what SAMKOLL_SETTINGS names."""

    model_config = SettingsConfigDict(env_prefix="SAMKOLL_", extra="forbid", frozen=True)

    data_dir: Path = Path("var")
    database_url: str = ""
    definitions: Path = ROOT / "kpi_definitions.yaml"
    drop_dir: Path | None = None
    pseudonym_key: SecretStr | None = None
    """Any text of 32 characters or more."""
    board_pseudonym_keys: dict[str, SecretStr] = {}
    """A key of its own for a board, by the name that mappings give it."""
    encryption_key: SecretStr | None = None
    max_file_mb: int = 1024
    """A larger delivery is refused."""

    @property
    def warehouse_url(self) -> str:
        """The warehouse's address; a SQLite file in the data folder unless set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'samkoll.db'}"

    @property
    def drop_folder(self) -> Path:
        """Where SFTP leaves deliveries."""
        return self.drop_dir or self.data_dir / "drop"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before file; nothing else."""
        named = Path(os.environ.get("SAMKOLL_SETTINGS", SETTINGS_FILE))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, named)
