"""All that a paper is written of, read at its cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from control.actions.content import answers_in
from control.papers.content import Head
from control.papers.control_sections import current_actions
from control.papers.figures import Figure
from control.papers.occasions import Occasion
from control.papers.sources import Action, Assessment, Plan, Remark
from kpi.definition import Catalogue
from kpi.organisation import Organisation, Unit
from kpi.period import Period


@dataclass(frozen=True)
class Material:
    """`period`: what the paper is about. `plan`: the plan in force, or for a control plan the one that is proposed;
    `earlier`: the plan of the year before. `late`: controls of earlier periods, signed since the closing before;
    `undone`: those that are not carried out though their day had passed."""

    head: Head
    period: Period
    board: Unit
    organisation: Organisation
    catalogue: Catalogue
    figures: Sequence[Figure] = ()
    plan: Plan | None = None
    earlier: Plan | None = None
    occasions: Sequence[Occasion] = ()
    late: Sequence[Occasion] = ()
    undone: Sequence[Occasion] = ()
    actions: Sequence[Action] = ()
    assessments: Sequence[Assessment] = ()
    remarks: Sequence[Remark] = field(default=())

    @property
    def plans(self) -> list[Plan]:
        """The plans that the controls are of, the year's first."""
        return [one for one in (self.plan, self.earlier) if one is not None]

    @property
    def told_from(self) -> date:
        """The first day that the paper's figures are about."""
        return min([self.period.first_day, *(one.of.first_day for one in self.figures)])

    @property
    def earlier_figures(self) -> list[Figure]:
        """Those whose latest period ended before the paper's began."""
        return [one for one in self.figures if one.of.last_day < self.period.first_day]

    def remark(self, figure: Figure, kind: str) -> str:
        """What was said of the figure in the period, of the latest that had ended by then, else of one that had not;
        empty when nothing was."""
        first, last = min(self.period.first_day, figure.of.first_day), self.period.last_day
        found = [
            one
            for one in self.remarks
            if one.kpi_id == figure.definition.id and one.kind == kind and one.period.last_day >= first
        ]
        newest = max(found, key=lambda one: (one.period.last_day <= last, one.period.last_day), default=None)
        return newest.text if newest is not None else ""

    def actions_for(self, kpi_id: str) -> list[Action]:
        """The period's actions that are to change the figure and have not been called off."""
        found = current_actions(self.actions, self.period)
        return [one for one in found if one.kpi_id == kpi_id and one.status != "cancelled"]

    def is_acted_on(self, kpi_id: str) -> bool:
        """Whether an action answers for the figure: as on the pages (`control.matters`) and for a closing."""
        return any(answers_in(one, self.period) for one in self.actions if one.kpi_id == kpi_id)

    def reason_for_none(self, figure: Figure) -> str:
        """Why no action has been decided, as a sentence; nothing where one has, whatever was said before."""
        reason = self.remark(figure, "no_action")
        if not reason or self.is_acted_on(figure.definition.id):
            return ""
        earlier = (one for one in self.actions if one.kpi_id == figure.definition.id and one.status != "cancelled")
        new = " ny" if any(earlier) else ""
        return f"Ingen{new} åtgärd har beslutats. Skälet är: {reason}"

    def figure(self, kpi_id: str) -> Figure | None:
        """The figure of that id, if it is in the paper."""
        return next((one for one in self.figures if one.definition.id == kpi_id), None)
