"""The web server: Granian, stopped by SIGINT or SIGTERM."""

from __future__ import annotations

import gc
import http.client
import os
import socket
import threading
import time
from collections.abc import Callable

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

from warehouse.errors import UserError

LOOPBACK = "127.0.0.1"
_PATIENCE_S = 60.0
_HEADERS_WITHIN_MS = 10_000
"""Who sends a request's headers more slowly is hung up on."""
THREADS = 32
"""Requests at a time. The server has no time limit of a body; a body is read only from who has logged in."""


def check_port_is_free(port: int, *, host: str = LOOPBACK, command: str = "demo") -> None:
    """UserError when another program listens on the port, before anything slow is begun."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            raise UserError(
                f"Porten {port} på {host} är upptagen av ett annat program eller går inte att använda. "
                f"Stäng det, eller välj en annan med ”samkoll {command} --port {min(port, 65000) + 1}”."
            ) from None


def serve_until_stopped(
    factory: str, port: int, *, when_ready: Callable[[str], None], host: str = LOOPBACK, workers: int = 1
) -> None:
    """Serve the WSGI application that `factory` ("module:function") makes, in so many processes.

    `when_ready` gets the address once it answers.
    """
    server = Granian(
        factory,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=THREADS,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADERS_WITHIN_MS),
        log_enabled=False,
    )
    stopped = threading.Event()
    threading.Thread(target=_tell_when_ready, args=(host, port, when_ready, stopped), daemon=True).start()
    try:
        server.serve()
    finally:
        stopped.set()


def settle() -> None:
    """What the application is made of stays: the collector of garbage walks only what requests make. It would walk it
    all every few pages, which cost a fifth of a page that is made anew."""
    gc.collect()
    gc.freeze()


def end_with_parent() -> None:
    """For the server's own process: end when the one that started it was killed, so that the port is free again."""
    threading.Thread(target=_end_when_orphaned, args=(os.getppid(),), daemon=True).start()


def _end_when_orphaned(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _tell_when_ready(host: str, port: int, when_ready: Callable[[str], None], stopped: threading.Event) -> None:
    asked = {"0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104  # nosec B104 # what is asked
    last = time.monotonic() + _PATIENCE_S
    while time.monotonic() < last and not stopped.wait(0.1):
        connection = http.client.HTTPConnection(asked, port, timeout=10)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except OSError:
            continue
        finally:
            connection.close()
        when_ready(f"http://{f'[{asked}]' if ':' in asked else asked}:{port}")
        return
