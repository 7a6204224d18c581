"""What every form has in common: who sends it, what it holds, and the answer when it was not saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import html, no_update
from sqlalchemy import Engine

from dashboard.components.attributes import data
from dashboard.refusals import refused, set_status
from dashboard.routes import ViewerOf
from kpi.access import AccessDenied, Viewer
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from warehouse.database import reading
from warehouse.errors import UserError


def sender(engine: Engine, viewer_of: ViewerOf) -> Viewer:
    """Who sends: asked for each time, never told by the browser."""
    with reading(engine) as connection:
        return viewer_of(read_organisation(connection))


def written(values: Sequence[str | None], ids: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """A form's fields by name; an empty field is ""."""
    return {str(one.get("name")): value or "" for one, value in zip(ids, values, strict=False)}


def whole(about: Any, name: str) -> int | None:
    """A whole number that the page told; None for anything else."""
    found = about.get(name) if isinstance(about, Mapping) else None
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**31 else None


def word(about: Any, name: str) -> str:
    """A short text that the page told; "" for anything else."""
    found = about.get(name) if isinstance(about, Mapping) else None
    return found if isinstance(found, str) else ""


def saved_words(words: Any) -> html.P:
    """The answer of a form that stays as it is drawn: what was written is kept, and may be left (`assets/written.js`).
    Where the page is drawn anew nothing needs to say so."""
    return html.P(words, className="notice", **data(saved="yes"))


def problem(engine: Engine, viewer: Viewer, do: Callable[[], None]) -> Any:
    """Do it; `no_update` when it is done, else why not, to stand in the form, which keeps what was written."""
    try:
        do()
    except AccessDenied as denied:
        return html.P(refused(engine, viewer, denied), className="notice")
    except NotFound as missing:
        set_status(404)
        return html.P(str(missing), className="notice")
    except UserError as error:
        return html.P(str(error), className="notice")
    return no_update
