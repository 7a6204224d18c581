"""The way from a number to the deviations behind it, for who may read them; the number alone for others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dash import html

from dashboard.case_parameters import cases_address, dataset_of, narrowed_to
from dashboard.components.link import address, link
from dashboard.deviation_address import deviations_address
from kpi import format as text
from kpi.period import Period
from kpi.views.case_filter import CaseFilter


@dataclass(frozen=True)
class CaseWays:
    """`reaches`: whether the viewer reads a unit's rows; `way`: the address that leads back here;
    `figures`: the names of the key figures that there are; `came_from`: the one that the reader came from."""

    unit_code: str
    month: Period
    way: str
    reaches: Callable[[str], bool]
    figures: Mapping[str, str]
    came_from: str | None = None
    known: dict[str, bool] = field(default_factory=dict)

    def number(self, count: int, wanted: CaseFilter, unit_code: str | None = None) -> Any:
        """The number, and a link where there is anything to read. Its words name what is behind."""
        code = unit_code or self.unit_code
        if not count or not self.may(code):
            return text.number(count)
        told = narrowed_to(wanted) or "rapporterade"
        noun = "avvikelse" if count == 1 else "avvikelser"
        hidden = html.Span(f" {noun}: {told}", className="visually-hidden")
        return link([text.number(count), hidden], self.href(wanted, code), className="count")

    def sentence(self, count: int, wanted: CaseFilter) -> html.P | None:
        """`Se de sju avvikelserna`; None for who reads none, or when there are none."""
        if not count or not self.may(self.unit_code):
            return None
        words = "Se avvikelsen" if count == 1 else f"Se de {text.count_word(count)} avvikelserna"
        return html.P(link(words, self.href(wanted, self.unit_code), className="more"))

    def page(self, category: str | None = None, counterpart: str | None = None, unit_code: str | None = None) -> str:
        """This page, narrowed otherwise or of another unit."""
        return deviations_address(unit_code or self.unit_code, self.month, category, counterpart, self.came_from)

    def figure(self, kpi_id: str, told: str = "") -> html.P | None:
        """The way to the key figure that says the same; `told`: how it differs. None where it is not defined."""
        if kpi_id not in self.figures:
            return None
        href = address(f"/nyckeltal/{kpi_id}", enhet=self.unit_code, manad=str(self.month))
        way = link(self.figures[kpi_id], href)
        return html.P(["Nyckeltal: ", way, f". {told}" if told else "."], className="muted small")

    def may(self, unit_code: str) -> bool:
        """Whether the unit's rows are the viewer's to read."""
        if unit_code not in self.known:
            self.known[unit_code] = self.reaches(unit_code)
        return self.known[unit_code]

    def href(self, wanted: CaseFilter, unit_code: str) -> str:
        """Where they are read."""
        return cases_address(dataset_of(wanted), unit_code, self.month, wanted, fran=self.way)
