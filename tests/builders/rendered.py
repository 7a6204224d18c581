"""What a reader sees of a component. `~` stands for a no-break space."""

from __future__ import annotations

from typing import Any

from dashboard.still import CONTENT, TYPE
from kpi.format import NBSP

LINK = {"Link": "dash_core_components"}


def told(component: Any) -> str:
    """All the words of a component, in order, with single spaces."""
    return _told(component)


def unfolded(sent: Any) -> Any:
    """What is sent, with every element as Dash itself would have sent it. Children are always a list, those that were
    drawn as one among the others."""
    if isinstance(sent, list):
        return [one for each in sent for one in _several(each)]
    if not isinstance(sent, dict):
        return sent
    if sent.get("type") == TYPE:
        return _several(sent)
    props = dict(sent.get("props", {}))
    children = _several(unfolded(children)) if (children := props.pop("children", None)) is not None else []
    return sent | {"props": props | {"children": children} if children else props}


def _several(sent: Any) -> list[Any]:
    if isinstance(sent, list):
        return [unfolded(one) for one in sent]
    if isinstance(sent, dict) and sent.get("type") == TYPE:
        return [_component(node) for node in sent["props"][CONTENT]]
    return [unfolded(sent)]


def _component(node: Any) -> Any:
    if not isinstance(node, list):
        return node
    tag, attributes, *children = node
    props = attributes | ({"children": [_component(one) for one in children]} if children else {})
    return {"type": tag.capitalize(), "namespace": LINK.get(tag, "dash_html_components"), "props": props}


def _told(component: Any) -> str:
    if component is None or isinstance(component, (bool, int)):
        return ""
    if isinstance(component, str):
        return component.replace(NBSP, "~")
    if isinstance(component, dict):  # as it is kept, ready to be sent
        return _told(_several(component) if component.get("type") == TYPE else component["props"].get("children"))
    if isinstance(component, (list, tuple)):
        return " ".join(found.strip() for one in component if (found := _told(one)))
    return _told(getattr(component, "children", None))
