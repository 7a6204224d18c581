"""The settings file's [mail]: what is refused is named with its remedy, and the password is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.errors import UserError
from warehouse.settings import Settings, load_settings

RIGHT = """
[mail]
host = "smtp.kommun.example"
sender = "samkoll@kommun.example"
user = "samkoll"

[mail.recipients]
1287-SN = ["socialforvaltningen@kommun.example"]
"""


def loaded(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Settings:
    (folder / "samkoll.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SAMKOLL_SETTINGS", str(folder / "samkoll.toml"))
    return load_settings()


def test_the_table_is_read_and_the_password_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMKOLL_MAIL__PASSWORD", "hemligheten")
    settings = loaded(tmp_path, monkeypatch, RIGHT)
    mail = settings.mail
    assert mail is not None
    assert mail.password is not None
    assert mail.password.get_secret_value() == "hemligheten"
    assert (mail.port, mail.security) == (587, "starttls")
    assert mail.recipients == {"1287-SN": ("socialforvaltningen@kommun.example",)}
    told = settings.told()
    assert (told["mail.password"], told["mail.recipients"], "mail" in told) == ("satt", "1287-SN", False)
    assert "hemligheten" not in repr(settings) + repr(told)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('host = "smtp.kommun.example"', "[mail] i inställningsfilen saknar ”host”"),
        ('security = "none"', "”security” har ett värde som inte går att använda. Skriv starttls eller tls"),
        ('sender = "ingen adress"', "”sender” har ett värde som inte går att använda. Skriv en e-postadress"),
        ("1287-SN = [\"a@b\\nBcc: c@d.se\"]", "”recipients” har ett värde som inte går att använda. Skriv nämndens"),
        ('password = "hemligåheten"', "”password” har ett värde som inte går att använda. Skriv ett lösenord utan å"),
        ('servr = "x"', "”servr”, som inte finns"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(wrong: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = wrong.split(" ")[0]
    kept = [line for line in RIGHT.splitlines() if not line.startswith(f"{name} ")]
    if name == "1287-SN":
        kept.append(wrong)
    elif name != "host":
        kept.insert(2, wrong)
    with pytest.raises(UserError) as caught:
        loaded(tmp_path, monkeypatch, "\n".join(kept))
    assert said in str(caught.value)
    assert "hemlig" not in str(caught.value)
