"""What a page is given: the reader, the question in the address, and a connection to read with. One per request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from kpi.access import Viewer
from kpi.definition import Catalogue
from kpi.live import LiveState
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType
from kpi.views.errors import NotFound
from warehouse.stamp import Stamp


@dataclass(frozen=True)
class Context:
    """A request, parsed. `query`: the address's parameters, one value each, untrusted. `stamp`: of all that is
    committed, no newer than what is read here; None keeps nothing (`dashboard.kept`)."""

    viewer: Viewer
    organisation: Organisation
    definitions: LiveState
    connection: Connection
    query: Mapping[str, str]
    stamp: Stamp | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The definitions that serve."""
        return self.definitions.catalogue

    @property
    def month(self) -> Period | None:
        """The wanted month; None when the address names none. NotFound when it names something else."""
        return self._month_named("manad")

    @property
    def end(self) -> Period | None:
        """The wanted month that ends a closed period; as `month`."""
        return self._month_named("slut")

    @property
    def since(self) -> Period | None:
        """The wanted closed month to compare with; as `month`."""
        return self._month_named("sedan")

    def number(self, parameter: str) -> int | None:
        """A positive whole number of the address; None for anything else."""
        text = self.query.get(parameter, "")
        return int(text) or None if text.isascii() and text.isdecimal() and len(text) < 10 else None

    def _month_named(self, parameter: str) -> Period | None:
        text = self.query.get(parameter)
        if not text:
            return None
        try:
            period = Period.parse(text)
        except ValueError as error:
            raise NotFound(str(error)) from error
        if period.type is not PeriodType.MONTH:
            raise NotFound("Välj en månad, till exempel 2025-03.")
        return period


@dataclass(frozen=True)
class Page:
    """What a page function returns: the document's title and the content of `main`."""

    title: str
    children: Any
