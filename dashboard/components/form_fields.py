"""The fields of a form whose values are read together: each has a name in its form, a label and a help text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.attributes import aria
from dashboard.components.day_field import day_field


def field_id(form: str, name: str) -> dict[str, str]:
    """What a field is called in the browser."""
    return {"type": f"{form}-field", "name": name}


def save_id(form: str) -> str:
    """The button that sends the form."""
    return f"{form}-save"


def said_id(form: str) -> str:
    """Where the form's answer stands."""
    return f"{form}-said"


def line(form: str, name: str, label: str, value: str = "", help_: str | None = None, width: int = 420) -> Any:
    """One line."""
    return dmc.TextInput(id=field_id(form, name), label=label, value=value, description=help_, maw=width)


def day(form: str, name: str, label: str, value: date | str | None = None) -> Any:
    """A day."""
    return day_field(field_id(form, name), label, value)


def lines(form: str, name: str, label: str, value: str = "", help_: str | None = None) -> Any:
    """Several lines."""
    return dmc.Textarea(
        id=field_id(form, name), label=label, value=value, description=help_, autosize=True, minRows=2, maw=720
    )


def choice(
    form: str, name: str, label: str, options: Sequence[tuple[str, str]], value: str | None, *,
    is_searchable: bool = False, help_: str | None = None, width: int = 420,
) -> Any:  # fmt: skip
    """One of some (value, words)."""
    return dmc.Select(
        id=field_id(form, name),
        label=label,
        data=[{"value": code, "label": words} for code, words in options],
        value=value,
        searchable=is_searchable,
        description=help_,
        nothingFoundMessage="Inget heter så",
        allowDeselect=False,
        maw=width,
    )


def suggested(form: str, name: str, label: str, options: Sequence[str], value: str, help_: str) -> Any:
    """One line, with suggestions."""
    return dmc.Autocomplete(
        id=field_id(form, name), label=label, data=list(options), value=value, description=help_, maw=420
    )


def form_of(form: str, fields: Sequence[Any], button: str, *, is_main: bool = False) -> html.Div:
    """The fields, the button, and where its answer is told."""
    save = dmc.Button(button, id=save_id(form), variant="filled" if is_main else "default", size="sm")
    said = html.Div(id=said_id(form), role="status", **aria(live="polite"))
    return html.Div([*fields, html.Div(save, className="decide"), said], className="form")
