"""The real identity provider of the tests (tests/oidc), as a process on loopback."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).parents[1] / "oidc"
CLIENT, SECRET = "samkoll", "hemlighet"
ACCOUNTS = {
    "p1": {"preferred_username": "presidiet", "groups": ["g-presidium"]},
    "r1": {"preferred_username": "revisorn", "groups": ["g-annat", "g-revisor"]},
    "u1": {"preferred_username": "utanför", "groups": ["g-annat"]},
    "x1": {"preferred_username": "gruppvis"},
}
GRANTS = [
    {"claim_value": "g-presidium", "role": "presidium", "municipality": "1287", "boards": ["1287-SN"]},
    {"claim_value": "g-revisor", "role": "auditor", "municipality": "1287", "boards": ["1287-SN"]},
]


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def real_provider(public: str, *, port: int = 0, accounts: Mapping[str, Any] = ACCOUNTS) -> Iterator[str]:
    """Its address, while it runs. Skips, with the reason, only where there is no Node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is missing: the login is tested against its stand-in only")
    if not (_FOLDER / "node_modules").is_dir():
        pytest.fail("the test provider is not installed: run ”make .venv/provider”")
    client = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [f"{public}/logga-in/svar"],
        "post_logout_redirect_uris": [f"{public}/utloggad"],
    }
    given = json.dumps({"client": client, "accounts": accounts, "port": port})
    process = subprocess.Popen(
        [node, "provider.mjs", given], cwd=_FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        issuer = process.stdout.readline().strip()
        assert issuer, "the provider ended before it told its address"
        yield issuer
    finally:
        process.kill()
        process.communicate()
