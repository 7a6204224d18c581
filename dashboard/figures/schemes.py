"""What differs between a figure in light and in dark: the browser repaints by it, so each figure is sent once."""

from __future__ import annotations

from typing import Any


def differences(light: Any, dark: Any, path: tuple[str | int, ...] = ()) -> list[list[Any]]:
    """Places that differ, each with its path, what stands there in light, and what stands there in dark."""
    if light == dark:
        return []
    if isinstance(light, dict) and isinstance(dark, dict) and light.keys() == dark.keys():
        return [one for key in light for one in differences(light[key], dark[key], (*path, key))]
    is_structure = isinstance(light, list) and isinstance(dark, list) and len(light) == len(dark)
    if is_structure and any(isinstance(one, dict | list) for one in light):
        return [one for at in range(len(light)) for one in differences(light[at], dark[at], (*path, at))]
    return [[list(path), light, dark]]
