"""Settings: environment variables `SAMKOLL_…`, else a settings file, else defaults that work in `./var`."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)
from sqlalchemy import make_url

from warehouse.errors import UserError
from warehouse.login_settings import LoginSettings
from warehouse.mail_settings import MailSettings

ROOT = Path(__file__).resolve().parent.parent
SETTINGS_FILE = "samkoll.toml"


class Settings(BaseSettings):
    """What an installation decides. A settings file is `samkoll.toml`, or what SAMKOLL_SETTINGS names."""

    model_config = SettingsConfigDict(env_prefix="SAMKOLL_", env_nested_delimiter="__", extra="forbid", frozen=True)

    data_dir: Path = Path("var")
    database_url: str = ""
    dashboard_database_url: str = ""
    """The same PostgreSQL database as the pages reach it: by a role that may only do what they need."""
    definitions: Path = ROOT / "kpi_definitions.yaml"
    drop_dir: Path | None = None
    pseudonym_key: SecretStr | None = None
    """Any text of 32 characters or more."""
    board_pseudonym_keys: dict[str, SecretStr] = {}
    """A key of its own for a board, by the name that mappings give it."""
    encryption_key: SecretStr | None = None
    release_key: SecretStr | None = None
    """Signs packages of released figures: 32 bytes as base64."""
    trusted_releases: dict[str, str] = {}
    """Whose packages are read in: by municipality code, the public key that `samkoll release key` printed there."""
    max_file_mb: int = 1024
    """A larger delivery is refused."""
    pick_up_seconds: int = Field(default=60, ge=1)
    """How often the drop folder is looked through."""
    settle_seconds: int = Field(default=20, ge=0)
    """How long a dropped file's size must have stood still before it is read."""
    request_seconds: int = Field(default=3, ge=1)
    """How often requests from the pages are carried out, and how often a standby tries to take over."""
    retry_seconds: int = Field(default=60, ge=1)
    """The first pause after a failed job; doubled for each further failure, at most an hour."""
    nightly_at: time = time(2, 30)
    """When stored figures are checked against a full computation, local time."""
    login: LoginSettings | None = None
    """Who may log in; without it only the demo serves pages."""
    mail: MailSettings | None = None
    """How notices are mailed; without it they stand in the product only."""
    requests_per_minute: int = Field(default=600, ge=10)
    """How many requests to the pages a reader may make; ten times as many from one address."""
    statement_seconds: int = Field(default=30, ge=1)
    """How long one read of a page may take in the database."""
    most_cells: int = Field(default=1_000_000, ge=1000)
    """How many values one page or file may ask for."""
    audit_retention_months: int | None = Field(default=None, ge=1)
    """How many whole months of the audit log are kept; unset, nothing is deleted."""
    audit_retention_decision: str = ""
    """The decision (gallringsbeslut) that says so."""
    access_review_months: Literal[1, 3, 4, 6, 12] = 1
    """How many months each review of who has read what covers."""

    @property
    def warehouse_url(self) -> str:
        """The warehouse's address; a SQLite file in the data folder unless set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'samkoll.db'}"

    @property
    def of_the_pages(self) -> Settings:
        """The settings of the dashboard's process, which has its own way to the warehouse when one is set."""
        return self.model_copy(update={"database_url": self.dashboard_database_url or self.database_url})

    @property
    def drop_folder(self) -> Path:
        """Where SFTP leaves deliveries."""
        return self.drop_dir or self.data_dir / "drop"

    @property
    def last_good_definitions(self) -> Path:
        """A copy of the last definitions file that held: it serves while the file is broken."""
        return self.data_dir / "kpi_definitions.last-good.yaml"

    def told(self) -> dict[str, str]:
        """Every setting as a text that holds no secret: keys are told as set or not, addresses without password."""
        found = {name: _as_told(getattr(self, name)) for name in sorted(type(self).model_fields)}
        if self.login is not None:
            del found["login"]
            found |= {f"login.{name}": _as_told(getattr(self.login, name)) for name in type(self.login).model_fields}
            found["login.grants"] = "; ".join(map(str, self.login.grants)) or "inget"
        if self.mail is not None:
            del found["mail"]
            found |= {f"mail.{name}": _as_told(getattr(self.mail, name)) for name in type(self.mail).model_fields}
        if self.dashboard_database_url:
            found["dashboard_database_url"] = _without_password(self.dashboard_database_url)
        return found | {"database_url": _without_password(self.warehouse_url)}

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


def _without_password(address: str) -> str:
    return make_url(address).render_as_string(hide_password=True)


def _as_told(value: object) -> str:
    if isinstance(value, SecretStr):
        return "satt"
    if isinstance(value, Mapping):
        return ", ".join(sorted(map(str, value))) or "inget"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "inget"
    return "inte satt" if value in (None, "") else str(value)


_EXPECTED = {
    "int": "ett heltal",
    "path": "en sökväg",
    "time": "ett klockslag som 02:30",
    "string": "en text",
    "dict": "en tabell med namn och värde",
    "greater": "ett större tal",
    "less": "ett mindre tal",
    "tuple": "en lista",
    "model": "en tabell",
    "literal": "något av de tal som finns i docs/operate.md",
}
_EXPECTED_AT = {
    "login.issuer": "adressen som inloggningstjänsten själv uppger, med https://",
    "login.public_address": "adressen som webbläsaren använder, med https:// och utan sökväg",
    "login.municipality": "kommunens kod, till exempel 1287",
    "mail.security": "starttls eller tls",
    "mail.sender": "en e-postadress",
    "mail.user": "ett namn utan å, ä, ö och andra tecken utanför ASCII",
    "mail.password": "ett lösenord utan å, ä, ö och andra tecken utanför ASCII",
    "mail.recipients": 'nämndens kod och en lista med e-postadresser, till exempel 1287-SN = ["social@kommunen.se"]',
}
_BOARD_KEYS = ("BOARD_PSEUDONYM_KEYS", "nämndens namn")


def load_settings() -> Settings:
    """The settings of this process; UserError names the setting that is wrong, never its value (it may be a key)."""
    named = os.environ.get("SAMKOLL_SETTINGS")
    if named and not Path(named).is_file():
        raise UserError(f"Inställningsfilen {named} finns inte. Rätta SAMKOLL_SETTINGS eller ta bort den.")
    try:
        return Settings()
    except ValidationError as error:
        raise UserError(" ".join(_sentence(problem["loc"], problem["type"]) for problem in error.errors())) from None
    except SettingsError as error:
        name, key = ("TRUSTED_RELEASES", "kommunkod") if "trusted_releases" in str(error) else _BOARD_KEYS
        raise UserError(
            f'SAMKOLL_{name} går inte att läsa. Skriv den som JSON: {{"{key}": "nyckel"}}. '
            "Inloggningen (login) och e-posten (mail) skrivs i inställningsfilen."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"Inställningsfilen {named or SETTINGS_FILE} är inte giltig TOML: {error}.") from None


def _sentence(place: tuple[int | str, ...], type_: str) -> str:
    if place[0] in ("login", "mail"):
        return _sentence_of_table(str(place[0]), place[1:], type_)
    name = str(place[0])
    if type_ == "extra_forbidden":
        known = ", ".join(sorted(Settings.model_fields))
        return f"Inställningen ”{name}” finns inte. De som finns är: {known}."
    return f"Inställningen SAMKOLL_{name.upper()} har ett värde som inte går att använda. Skriv {_expected(type_)}."


def _sentence_of_table(where: str, place: tuple[int | str, ...], type_: str) -> str:
    """An entry of `[[login.grants]]` is named by its number, the first is 1."""
    table, name = f"[{where}]", str(place[-1]) if place else ""
    if where == "mail" and place:
        name = str(place[0])
    if place and place[0] == "grants" and len(place) > 1:
        table = f"[[login.grants]] nummer {int(place[1]) + 1}"
    match type_:
        case "missing":
            return f"{table} i inställningsfilen saknar ”{name}”. Lägg till det."
        case "extra_forbidden":
            return f"{table} i inställningsfilen har ”{name}”, som inte finns. Rätta namnet eller ta bort det."
    expected = _EXPECTED_AT.get(f"{where}.{name}") or _expected(type_)
    return f"{table} i inställningsfilen: ”{name}” har ett värde som inte går att använda. Skriv {expected}."


def _expected(type_: str) -> str:
    return next((text for start, text in _EXPECTED.items() if type_.startswith(start)), "ett annat värde")
