"""Scripts, styles and fonts: at addresses that change with their content, packed once, kept by browsers for a year.

    files = StaticFiles(app, ASSETS)
    files.address("favicon.svg")  # /assets/favicon.svg?m=3f…

What no page needs is left out of the document, and plotly.js is our own bundle of it (`dashboard/plotly_bundle`).
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import dash
from dash import _validate
from dash.fingerprint import check_fingerprint
from flask import Response, abort, request

from dashboard.packing import encoding_for_reader, packed

ASSETS = Path(__file__).parent / "assets"
PLOTLY = Path(__file__).parent / "plotly_bundle" / "plotly.min.js"
_LEFT_OUT = ("dash_table/", "package_data/plotly", "deps/polyfill")
"""Of the framework's own scripts: a table that no page has, plotly.js with every trace, and what browsers of before
2018 lack (the one part that is needed is in `assets/regenerator.js`)."""
_YEAR = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "no-cache"
_MODIFIED = re.compile(r"(?<=m)[0-9a-f]+(?=\.[\w.]+$)")
_FINGERPRINT = re.compile(r"\.v([\w-]+)m([0-9a-f]+)\.")
_STYLES_FILE = re.compile(rb"url\(\"?([\w.-]+)\"?\)")
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}
_IS_PACKED_ALREADY = frozenset({".woff2"})


@dataclass
class File:
    """A file as it is sent. `packed`: by encoding, made when somebody first asks for it."""

    data: bytes
    content_type: str
    may_be_packed: bool
    digest: str = field(init=False)
    packed: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.digest = hashlib.sha256(self.data).hexdigest()[:16]


class StaticFiles:
    """All that browsers load besides data: one per application. A file that changes on disk is read again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: dict[tuple[Path, int, int], File] = {}
        self._own = {path.name: path for path in (*ASSETS.iterdir(), PLOTLY)}

    def file(self, path: Path) -> File:
        """What the file holds now."""
        found = path.stat()
        key = path, found.st_mtime_ns, found.st_size
        with self._lock:
            held = self._held.get(key)
        if held is None:
            data = path.read_bytes()
            if path.suffix == ".css" and path.parent == ASSETS:
                data = _STYLES_FILE.sub(lambda name: f'url("{self.address(name[1].decode())}")'.encode(), data)
            kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            held = File(data, kind, path.suffix not in _IS_PACKED_ALREADY)
            with self._lock:
                held = self._held.setdefault(key, held)
        return held

    def address(self, name: str) -> str:
        """Where an asset of ours, or the bundle, is now."""
        return f"/assets/{name}?m={self.file(self._own[name]).digest}"

    def by_content(self, address: str) -> str:
        """The framework's address of a file, which changes with the file's time, by its content instead."""
        if address.startswith("/assets/"):
            return self.address(address.removeprefix("/assets/").partition("?")[0])
        package, _, name = address.removeprefix("/_dash-component-suites/").partition("/")
        path, _ = _without_fingerprint(name)
        return _MODIFIED.sub(self.file(_in_package(package, path)).digest, address)

    def asset(self, filename: str) -> Response:
        """An asset of ours; kept for a year when it is asked for by its content."""
        if filename not in self._own:
            abort(404)
        file = self.file(self._own[filename])
        return self._answer(file, is_fixed=request.args.get("m") == file.digest)

    def of_package(self, package: str, name: str) -> Response:
        """A library's file. Its own scripts name further ones by its version, which is as good as the content."""
        path, is_fixed = _without_fingerprint(name)
        file = self.file(_in_package(package, path))
        version = re.sub(r"[^\w-]", "_", str(getattr(sys.modules[package], "__version__", "")))
        told = _FINGERPRINT.search(name)
        is_fixed = is_fixed and told is not None and (told[2] == file.digest or told[1] == version)
        return self._answer(file, is_fixed=is_fixed)

    def _answer(self, file: File, *, is_fixed: bool) -> Response:
        encoding = encoding_for_reader() if file.may_be_packed else None
        data = file.data if encoding is None else self._packed(file, encoding)
        response = Response(data, content_type=file.content_type)
        response.headers["Cache-Control"] = _YEAR if is_fixed else _ASK_EACH_TIME
        response.vary.add("Accept-Encoding")
        if encoding is not None:
            response.headers["Content-Encoding"] = encoding
        response.set_etag(f"{file.digest}-{encoding or 'as-is'}")
        response.make_conditional(request)
        return response

    def _packed(self, file: File, encoding: str) -> bytes:
        with self._lock:
            if encoding not in file.packed:
                file.packed[encoding] = packed(file.data, encoding, is_kept=True)
            return file.packed[encoding]


class LightDash(dash.Dash):
    """Dash whose document names only what pages need, and whose files are `StaticFiles`."""

    def __init__(self, *parts: Any, **named: Any) -> None:
        self.files = StaticFiles()
        super().__init__(*parts, **named)
        views = self.server.view_functions
        views["_dash_assets.static"] = self.files.asset
        views["/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"] = self._of_package

    def _of_package(self, package_name: str, fingerprinted_path: str) -> Response:
        path, _ = _without_fingerprint(fingerprinted_path)
        check: Any = _validate.validate_js_path
        check(self.registered_paths, package_name, path)
        return self.files.of_package(package_name, fingerprinted_path)

    def _collect_and_register_resources(self, resources: Any, *parts: Any, **named: Any) -> list[str]:
        untyped: Any = super()
        needed = [one | {"relative_package_path": paths} for one in resources if (paths := _needed(one))]
        others = [one for one in resources if "relative_package_path" not in one]
        found: list[str] = untyped._collect_and_register_resources([*needed, *others], *parts, **named)
        return [self.files.by_content(one) for one in found]

    def _config(self) -> Any:
        """The browser's script asks for plotly.js where it is told to, unless files are served "locally"."""
        untyped: Any = super()
        return untyped._config() | {"serve_locally": False, "plotlyjs_url": self.files.address(PLOTLY.name)}


def _without_fingerprint(name: str) -> tuple[str, bool]:
    """The file's own name, and whether the address had a fingerprint in it."""
    untyped: Any = check_fingerprint
    path, is_fixed = untyped(name)
    return str(path), bool(is_fixed)


def _needed(resource: dict[str, Any]) -> list[str]:
    """The resource's paths in its package, without what is left out."""
    paths = resource.get("relative_package_path", [])
    return [one for one in ([paths] if isinstance(paths, str) else paths) if not one.startswith(_LEFT_OUT)]


def _in_package(package: str, path: str) -> Path:
    return Path(str(sys.modules[package].__file__)).parent / path
