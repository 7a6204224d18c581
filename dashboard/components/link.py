"""Links inside the product: they change the address without loading the page again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import dcc


def link(children: Any, href: str, **more: Any) -> dcc.Link:
    """A link to another page of ours."""
    return dcc.Link(children, href=href, **more)


def address(path: str, **query: str | None) -> str:
    """A path with the parameters that have a value."""
    found = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(found)}" if found else path
