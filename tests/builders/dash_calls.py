"""Calling a Dash callback as the browser does, with whatever a browser may send."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import dash

Cells = Mapping[str, Any]
"""Values by `id.property`."""


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
    assert answer.status_code == 200, answer.data
    return json.loads(answer.data)["response"].get(identity, {}).get(name)


def words(rendered: Any) -> str:
    """All the words of what a callback answers with, with single spaces."""
    if isinstance(rendered, dict):
        return words(rendered["props"].get("children"))
    told = " ".join(map(words, rendered)) if isinstance(rendered, list) else str(rendered or "")
    return " ".join(told.split())


def _cell(place: str, value: Any) -> Any:
    identity, name = place.split(".")
    if isinstance(value, list):
        return [{"id": one["id"], "property": name, "value": one["value"]} for one in value]
    return {"id": identity, "property": name, "value": value}
