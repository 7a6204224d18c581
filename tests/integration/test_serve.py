"""`samkoll serve` as its user meets it: refused without a login, and with one served in several processes."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import httpx2
import pytest

import cli
from tests.builders.command import Samkoll
from tests.builders.oidc import CLIENT, GRANTS, SECRET, free_port, real_provider
from warehouse.database import open_engine
from warehouse.errors import UserError
from warehouse.migrate import upgrade
from warehouse.settings import load_settings


def write_settings(folder: Path, issuer: str, public: str, role: str = "presidium") -> None:
    lines = [
        "[login]", f'issuer = "{issuer}"', f'client_id = "{CLIENT}"', f'public_address = "{public}"',
        "[[login.grants]]",
        *(f"{name} = {json.dumps(value)}" for name, value in (GRANTS[0] | {"role": role}).items()),
    ]  # fmt: skip
    (folder / "samkoll.toml").write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (None, ("[login]", "issuer", "client_id", "public_address", "[[login.grants]]", "samkoll demo")),
        ({"public": "http://samkoll.example"}, ("public_address", "https://")),
        ({"role": "kung"}, ("nummer 1", "rollen ”kung” finns inte", "presidium")),
    ],
)
def test_serve_refuses_to_start_without_a_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str] | None, words: tuple[str, ...]
) -> None:
    """The user's error, so exit code 2; `test_cli` runs the command."""
    monkeypatch.setattr(cli, "open_settings", load_settings)
    monkeypatch.chdir(tmp_path)
    if settings is not None:
        usual = {"issuer": "https://idp.example", "public": "https://samkoll.example"}
        write_settings(tmp_path, **usual | settings)
    with pytest.raises(UserError) as refused:
        cli.serve()
    for word in words:
        assert word in str(refused.value)
    assert not (tmp_path / "var").exists()


@pytest.mark.slow
def test_two_processes_share_the_sessions(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'var' / 'samkoll.db'}")
    upgrade(engine)
    engine.dispose()
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    samkoll = Samkoll(tmp_path, {"login__client_secret": SECRET})
    with real_provider(public) as issuer:
        write_settings(tmp_path, issuer, public)
        process = samkoll.start("serve", "--port", str(port), "--workers", "2", stderr=subprocess.STDOUT)
        try:
            assert process.stdout is not None
            assert f"Samkoll svarar på {public}" in process.stdout.readline()
            busy = samkoll("serve", "--port", str(port))
            assert (busy.code, "samkoll serve --port" in busy.err) == (2, True)
            _read(public)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()
            process.communicate()


def _read(public: str) -> None:
    """Log in; then every request has a connection of its own, so that it may meet either process."""
    with httpx2.Client(base_url=public, timeout=30, follow_redirects=True) as browser:
        form = browser.get("/nyckeltal")
        page = browser.post(form.url, data={"account": "p1"})
        assert str(page.url) == f"{public}/nyckeltal"
        session = browser.cookies["samkoll"]
    with httpx2.Client(base_url=public, timeout=30, headers={"Connection": "close"}) as other:
        for _ in range(8):
            assert other.get("/_dash-layout", headers={"Cookie": f"samkoll={session}"}).status_code == 200
        assert other.get("/_dash-layout").status_code == 401
