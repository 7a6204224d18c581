"""The product and the plain page, each served in a process of its own, and readers who ask them."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.app import create_app
from dashboard.login.demo import COOKIE, DemoLogin
from dashboard.server import settle
from warehouse.database import open_engine
from warehouse.settings import Settings

PRODUCT, PLAIN = "product", "plain"
PORTS = {PRODUCT: 8961, PLAIN: 8962}
_PAGE = "..main.children...navigation.children...title.data.."
_TICKS = os.sysconf("SC_CLK_TCK")


def product() -> Any:
    """What Granian serves: the whole product with its demo login, on the warehouse of the settings."""
    settings = Settings()
    made = create_app(open_engine(settings.warehouse_url), settings, login=DemoLogin()).server
    settle()
    return made


def serve_product(port: int) -> None:
    """As `samkoll serve` does, with one process."""
    from dashboard.server import serve_until_stopped

    serve_until_stopped("benchmarks.served:product", port, when_ready=lambda _address: None)


@dataclass
class Served:
    """One side, running."""

    name: str
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        """Where it listens."""
        return PORTS[self.name]

    def cpu(self) -> float:
        """Seconds of the process and those that it has started."""
        return sum(_cpu(pid) for pid in [self.process.pid, *_below(self.process.pid)])


@contextmanager
def serving(name: str, address: str, data_dir: Path, board: str) -> Iterator[Served]:
    """A side, until the block ends."""
    more = {"SAMKOLL_DATA_DIR": str(data_dir), "SAMKOLL_DATABASE_URL": address, "SAMKOLL_REQUESTS_PER_MINUTE": "100000"}
    command = ["benchmarks.served", str(PORTS[PRODUCT])]
    if name == PLAIN:
        command = ["benchmarks.plain_page", address, board, str(PORTS[PLAIN])]
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", *command], env=os.environ | more,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            served = Served(name, process)
            _wait(served)
            yield served
        finally:
            process.terminate()


def _wait(served: Served) -> None:
    for _ in range(600):
        try:
            Reader(served).click()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"The {served.name} page does not answer.")


@dataclass
class Reader:
    """A browser of its own, with a session and a role, that has opened its first page."""

    served: Served
    persona: str = "presidium"
    _connection: http.client.HTTPConnection = field(init=False)
    _headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, br"}
        if self.served.name == PRODUCT:
            self._connection.request("GET", "/", headers={"Cookie": f"{COOKIE}={self.persona}"})
            answer = self._connection.getresponse()
            answer.read()
            given = [one.split(";")[0] for one in answer.headers.get_all("Set-Cookie") or []]
            token = next(one.partition("=")[2] for one in given if one.startswith("samkoll-csrf="))
            self._headers |= {"Cookie": "; ".join([f"{COOKIE}={self.persona}", *given]), "X-Samkoll-CSRF": token}

    def click(self, path: str = "/", search: str = "") -> float:
        """Seconds that a page took, from asking to having it whole."""
        inputs = [{"id": "address", "property": "pathname", "value": path}]
        outputs: Any = {"id": "main", "property": "children"}
        output = "main.children"
        if self.served.name == PRODUCT:
            inputs += [{"id": "address", "property": "search", "value": search}]
            inputs += [{"id": "viewer-changed", "property": "data", "value": 0}]
            outputs = [outputs, {"id": "navigation", "property": "children"}, {"id": "title", "property": "data"}]
            output = _PAGE
        body = {"output": output, "outputs": outputs, "inputs": inputs, "state": [], "changedPropIds": []}
        began = time.perf_counter()
        self._connection.request("POST", "/_dash-update-component", json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        told = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{self.served.name} {path}: {answer.status} {told[:200]!r}")
        return time.perf_counter() - began


def _cpu(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / _TICKS


def _below(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found += [int(path.parent.name), *_below(int(path.parent.name))]
    return found


if __name__ == "__main__":
    serve_product(int(sys.argv[1]))
