"""Who sends a body slowly without having logged in holds nobody else up: on the real server, over sockets."""

from __future__ import annotations

import http.client
import multiprocessing
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from dashboard.app import create_app
from dashboard.login.real import RealLogin
from dashboard.rules import CALLBACK
from dashboard.server import THREADS, serve_until_stopped
from tests.builders.login import login_settings
from warehouse.database import open_engine
from warehouse.settings import Settings

SLOW = (
    "POST {path} HTTP/1.1\r\nHost: samkoll.kommun.example\r\nContent-Type: application/json\r\n"
    "X-Samkoll-CSRF: x\r\n{length}\r\n\r\n"
)


def application() -> Flask:
    """An installation, as the server's process makes it; nobody logs in, so its warehouse stays empty."""
    settings = Settings().model_copy(update={"login": login_settings()})
    assert settings.login is not None
    engine = open_engine(settings.warehouse_url)
    return create_app(engine, settings, login=RealLogin(engine, settings.login)).server


def _serve(port: int) -> None:
    serve_until_stopped(f"{__name__}:application", port, when_ready=lambda _address: None)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("slow")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMKOLL_DATA_DIR", str(folder))
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(number,))
        process.start()
        try:
            last = time.monotonic() + 60
            while _get(number) is None and time.monotonic() < last:
                time.sleep(0.1)
            yield number
        finally:
            process.terminate()
            process.join()


def _get(port: int) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/utloggad")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


@pytest.mark.parametrize("path", [CALLBACK, "/api/nyckeltal", "/logga-in", "/"])
@pytest.mark.parametrize("length", ["Content-Length: 5000", "Transfer-Encoding: chunked"])
def test_slow_senders_are_answered_and_others_too(port: int, path: str, length: str) -> None:
    with ExitStack() as open_ones:
        slow = []
        for _ in range(THREADS + 4):
            one = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            one.sendall(
                SLOW.format(path=path, length=length).encode() + (b"{" if "Length" in length else b"1\r\n{\r\n")
            )
            slow.append(one)
        assert _get(port) == 200
        statuses = {one.recv(12) for one in slow}
        assert statuses <= {b"HTTP/1.1 401", b"HTTP/1.1 404", b"HTTP/1.1 405"}, statuses
        assert _get(port) == 200
