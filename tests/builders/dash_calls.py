"""Calling a Dash callback as the browser does, with whatever a browser may send."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import dash
from dash import html
from dash.development.base_component import Component
from flask import Flask
from flask.testing import FlaskClient

from dashboard.login.demo import COOKIE
from dashboard.rules import Callbacks
from dashboard.still import TYPE
from kpi.access import Viewer
from kpi.organisation import Organisation
from tests.builders.rendered import unfolded

Cells = Mapping[str, Any]
"""Values by `id.property`."""
PAGE = "..main.children...navigation.children...title.data.."
"""The callback that answers with a page."""


class LoginAs:
    """A login in which everybody is one viewer, who can be changed: for what a role may do, not for who comes in."""

    def __init__(self, viewer: Viewer) -> None:
        self.is_now = viewer

    def guard(self, server: Flask) -> None:
        """Everybody comes in."""

    def reader(self) -> str | None:
        return None

    def viewer(self, _organisation: Organisation) -> Viewer:
        return self.is_now

    def corner(self) -> Component:
        return html.Span()

    def register(self, callbacks: Callbacks) -> None:
        """Nothing stands in the corner."""


def demo_client(app: dash.Dash, persona: str | None = None) -> FlaskClient:
    """A browser of the demo that has opened its first page, and so may change things."""
    client: FlaskClient = app.server.test_client()
    if persona:
        client.set_cookie(COOKIE, persona)
    client.get("/")
    token = client.get_cookie("samkoll-csrf")
    assert token is not None
    client.environ_base["HTTP_X_SAMKOLL_CSRF"] = token.value
    return client


def post(client: FlaskClient, output: str, inputs: Sequence[Any], state: Sequence[Any] = (), /, **more: Any) -> Any:
    """The answer to a callback whose inputs and states have these values. `more`: instead of the body's own parts. A
    callback of outputs that others have too goes by its whole key, as in the browser."""

    def told(values: Sequence[Any]) -> list[Any]:
        return [{"id": f"i{at}", "property": "value", "value": value} for at, value in enumerate(values)]

    names = output[2:-2].split("...") if output.startswith("..") else [output]
    each = [dict(zip(("id", "property"), one.rsplit(".", 1), strict=True)) for one in names]
    outputs = each if output.startswith("..") else each[0]
    body = {"output": output, "outputs": outputs, "inputs": told(inputs), "state": told(state), "changedPropIds": []}
    return client.post("/_dash-update-component", json=body | more)


def call(app: dash.Dash, output: str, inputs: Cells, state: Cells, pressed: str | None) -> Any:
    """What the callback puts in its output (`id.property`); None where it changes nothing. An input that holds a list
    of dicts stands for a pattern's matches."""
    identity, name = output.split(".")
    body = {
        "output": output,
        "outputs": {"id": identity, "property": name},
        "inputs": [_cell(one, value) for one, value in inputs.items()],
        "state": [_cell(one, value) for one, value in state.items()],
        "changedPropIds": [pressed] if pressed else [],
    }
    answer = app.server.test_client().post("/_dash-update-component", json=body)
    assert answer.status_code in (200, 403, 404), answer.data
    return json.loads(answer.data)["response"].get(identity, {}).get(name)


def words(rendered: Any) -> str:
    """All the words of what a callback answers with, with single spaces."""
    if isinstance(rendered, dict):
        return words(unfolded([rendered]) if rendered["type"] == TYPE else rendered["props"].get("children"))
    told = " ".join(map(words, rendered)) if isinstance(rendered, list) else str(rendered or "")
    return " ".join(told.split())


def _cell(place: str, value: Any) -> Any:
    identity, name = place.split(".")
    if isinstance(value, list):
        return [{"id": one["id"], "property": name, "value": one["value"]} for one in value]
    return {"id": identity, "property": name, "value": value}
