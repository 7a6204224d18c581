"""Attributes whose names hold a hyphen, for Dash's HTML components."""

from __future__ import annotations

from typing import Any


def aria(**named: str) -> dict[str, Any]:
    """`aria(label="…")` as `aria-label`."""
    return {f"aria-{name}": value for name, value in named.items()}


def data(**named: str) -> dict[str, Any]:
    """`data(label="…")` as `data-label`."""
    return {f"data-{name.replace('_', '-')}": value for name, value in named.items()}


def never_kept() -> dict[str, Any]:
    """For what holds fields whose text must never stay in the browser (`assets/written.js`)."""
    return data(never_kept="yes")
