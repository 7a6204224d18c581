"""The settings file's [login], and what is said when it is wrong: the place and the remedy, never the value."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.doctor import Grade, examine
from warehouse.errors import UserError
from warehouse.settings import Settings, load_settings

RIGHT = """
[login]
issuer = "https://idp.kommun.example"
client_id = "samkoll"
client_secret = "hemlighet"
public_address = "https://samkoll.kommun.example/"

[[login.grants]]
claim_value = "g-1"
role = "presidium"
municipality = "1287"
boards = ["1287-SN"]
branches = ["socialtjanst"]
"""


def loaded(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Settings:
    (folder / "samkoll.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SAMKOLL_SETTINGS", str(folder / "samkoll.toml"))
    return load_settings()


def test_the_table_is_read_and_its_secret_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(tmp_path, monkeypatch, RIGHT)
    login = settings.login
    assert login is not None
    assert (login.public_address, login.grants[0].branches) == ("https://samkoll.kommun.example", ("socialtjanst",))
    assert "hemlighet" not in repr(settings)


def test_the_secret_may_stand_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMKOLL_LOGIN__CLIENT_SECRET", "annan")
    login = loaded(tmp_path, monkeypatch, RIGHT).login
    assert login is not None
    assert login.client_secret is not None
    assert login.client_secret.get_secret_value() == "annan"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('client_id = "samkoll"', "", "[login] i inställningsfilen saknar ”client_id”"),
        ("https://idp", "http://idp", "[login] i inställningsfilen: ”issuer” har ett värde"),
        ("https://samkoll", "http://samkoll", "Skriv adressen som webbläsaren använder, med https://"),
        ('"1287"', '"Trelleborg"', "[[login.grants]] nummer 1 i inställningsfilen: ”municipality”"),
        ("boards", "board", "[[login.grants]] nummer 1 i inställningsfilen har ”board”, som inte finns"),
        ("[login]", "[login]\nidle_minutes = 0", "”idle_minutes” har ett värde som inte går att använda"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(UserError) as wrong:
        loaded(tmp_path, monkeypatch, RIGHT.replace(old, new))
    assert sentence in str(wrong.value)
    assert "hemlighet" not in str(wrong.value)


@pytest.mark.parametrize(
    ("text", "grade", "words"),
    [
        ("", Grade.NOTE, "Ingen inloggning är inställd"),
        (RIGHT.replace('"presidium"', '"kung"'), Grade.WRONG, "rollen ”kung” finns inte"),
        (RIGHT.replace("https://idp.kommun.example", "http://127.0.0.1:9"), Grade.WRONG, "svarar inte"),
    ],
)
def test_the_doctor_looks_at_the_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, grade: Grade, words: str
) -> None:
    monkeypatch.setenv("SAMKOLL_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("etl.doctor._definitions", lambda _settings: ())
    [found] = [one for one in examine(loaded(tmp_path, monkeypatch, text)) if one != () and one.name == "inloggning"]
    assert found.grade is grade
    assert words in found.text
