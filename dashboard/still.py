"""Components as they are sent: what only stands there goes as one tree, drawn in the browser by `assets/still.js`.

Dash wraps every component in the browser so that callbacks can reach it; of a page's two thousand, some fifty have an
identity that a callback could name. The others are still: HTML without `id`, and links, all the way down. They are sent
as `[tag, attributes, *children]` inside a single component, which the browser draws several times as quickly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from dash import dcc
from dash.development.base_component import Component

NAMESPACE, TYPE, CONTENT = "samkoll", "Still", "content"
_HTML = "dash_html_components"
_LINK = "Link"
"""The tag of a link inside the product: it changes the address without loading the page again."""
_NOT_SENT = frozenset({"children", "available_properties", "available_wildcard_properties"})


def as_sent(shown: Any) -> Any:
    """Components, or a list of such, as plain tables and texts. What has been sent so before is left as it is."""
    if isinstance(shown, list | tuple):
        return _beside([_node(one) for one in shown])
    return _as_component(_node(shown))


class _Alive:
    """What Dash must know of, ready to be sent."""

    __slots__ = ("told",)

    def __init__(self, told: Any) -> None:
        self.told = told


def _node(shown: Any) -> Any:
    """A still tree, a text, a number, or nothing; `_Alive` when anything in it is alive."""
    if isinstance(shown, Component):
        children: Any = getattr(shown, "children", None)
        several = children if isinstance(children, list | tuple) else None
        below = [_node(one) for one in (several if several is not None else [children] if children is not None else [])]
        if _may_be_still(shown) and not any(isinstance(one, _Alive) for one in below):
            return [_tag(shown), _attributes(shown), *below]
        component: Any = shown
        told = component.to_plotly_json()
        if below or several is not None:
            told["props"]["children"] = _beside(below) if several is not None else _as_component(below[0])
        return _Alive(told)
    return _Alive(shown) if isinstance(shown, dict) else shown


def _may_be_still(shown: Component) -> bool:
    if hasattr(shown, "id"):
        return False
    if isinstance(shown, dcc.Link):
        return not hasattr(shown, "refresh") and not hasattr(shown, "target")
    return bool(getattr(shown, "_namespace", None) == _HTML)


def _tag(shown: Component) -> str:
    return _LINK if isinstance(shown, dcc.Link) else str(getattr(shown, "_type", "")).lower()


def _attributes(shown: Component) -> dict[str, Any]:
    return {name: value for name, value in vars(shown).items() if name not in _NOT_SENT and not name.startswith("_")}


def _beside(nodes: Sequence[Any]) -> list[Any]:
    """Siblings: those that are still and stand together are drawn as one."""
    told: list[Any] = []
    for are_alive, group in groupby(nodes, lambda one: isinstance(one, _Alive)):
        together = list(group)
        told.extend([one.told for one in together] if are_alive else [_drawn(together)])
    return told


def _as_component(node: Any) -> Any:
    if isinstance(node, _Alive):
        return node.told
    return _drawn([node]) if isinstance(node, list) else node


def _drawn(nodes: list[Any]) -> dict[str, Any]:
    return {"namespace": NAMESPACE, "type": TYPE, "props": {CONTENT: nodes}}
