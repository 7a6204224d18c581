"""`samkoll release key`, `export` and `import`, in process: what they print, write and refuse."""

from __future__ import annotations

import stat
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

import cli
from control.release.signing import fingerprint
from tests.builders.packages import KEY, package
from tests.builders.warehouse import deliver
from tests.integration.test_packages import NEIGHBOUR
from tests.integration.test_packages import made as made  # its closed periods
from warehouse.database import open_engine
from warehouse.migrate import upgrade

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in an installation of its own: exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("warehouse.log.configure_log", lambda *_args, **_more: None)

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["samkoll", *arguments])
        code = cli.run_command(cli.app)
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def installed(folder: Path, made: Path | None = None) -> Engine:
    (folder / "var").mkdir()
    if made is not None:
        (folder / "var" / "samkoll.db").write_bytes(made.read_bytes())
        return open_engine(f"sqlite:///{folder / 'var' / 'samkoll.db'}")
    engine = open_engine(f"sqlite:///{folder / 'var' / 'samkoll.db'}")
    upgrade(engine)
    return engine


def test_the_key_is_printed_as_the_receivers_settings(run: Run, tmp_path: Path, made: Path) -> None:
    installed(tmp_path, made)
    code, out, err = run("release", "key")
    assert (code, "Säkerhetskopiera den" in err) == (0, True)
    trusted = tomllib.loads(out)["trusted_releases"]
    assert sorted(trusted) == ["1263", "1287"]
    assert fingerprint(trusted["1287"]) in out
    assert stat.S_IMODE((tmp_path / "var" / "release-signing.key").stat().st_mode) == 0o600
    assert run("release", "key") == (0, out, "")


def test_a_package_goes_out_and_in(run: Run, tmp_path: Path, made: Path) -> None:
    installed(tmp_path, made)
    trust = run("release", "key")[1]
    code, out, _ = run("release", "export", "--municipality", "1287")
    assert (code, out.split(":")[0]) == (0, "1287-2025-T2.samkoll.json")
    assert "2 nyckeltal" in out
    refused = run("release", "import", "1287-2025-T2.samkoll.json", "--for", "1263")
    assert (refused[0], refused[1], "[trusted_releases]" in refused[2]) == (2, "", True)
    Path("samkoll.toml").write_text(trust, encoding="utf-8")
    taken = run("release", "import", "1287-2025-T2.samkoll.json", "--for", "1263")
    assert (taken[0], "är inläst för 1263" in taken[1], taken[2]) == (0, True, "")
    again = run("release", "import", "1287-2025-T2.samkoll.json", "--for", "1263")
    assert (again[0], "är redan inläst" in again[1]) == (0, True)


def test_what_cannot_be_done_is_the_users_error(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(installed(tmp_path), "2026-02-28", org_units=NEIGHBOUR)
    Path("p.json").write_bytes(package())
    monkeypatch.setenv("SAMKOLL_TRUSTED_RELEASES", f'{{"1263": "{KEY.public}"}}')
    for arguments, sentence in (
        (("export", "--municipality", "1263"), "inget släppt"),
        (("export", "--municipality", "1263", "--until", "i år"), "--until"),
        (("import", "saknas.json"), "går inte att läsa"),
        (("import", "p.json"), "eget paket"),
        (("import", "p.json", "--for", "1"), "--for"),
    ):
        code, out, err = run("release", *arguments)
        assert (code, out, sentence in err) == (2, "", True), (arguments, err)
    monkeypatch.setenv("SAMKOLL_TRUSTED_RELEASES", "x")
    assert "SAMKOLL_TRUSTED_RELEASES går inte att läsa" in run("release", "key")[2]
