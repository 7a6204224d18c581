"""What a reader sees of a component. `~` stands for a no-break space."""

from __future__ import annotations

from typing import Any

from kpi.format import NBSP


def told(component: Any) -> str:
    """All the words of a component, in order, with single spaces."""
    return _told(component)


def _told(component: Any) -> str:
    if component is None or isinstance(component, (bool, int)):
        return ""
    if isinstance(component, str):
        return component.replace(NBSP, "~")
    if isinstance(component, dict):  # as it is kept, ready to be sent
        return _told(component.get("props", {}).get("children"))
    if isinstance(component, (list, tuple)):
        return " ".join(found.strip() for one in component if (found := _told(one)))
    return _told(getattr(component, "children", None))
