"""Underlag: the rows behind the figures, by right. The page holds no row: `dashboard.row_reading` answers with them."""

from __future__ import annotations

from typing import Any

from dash import html

from control.handover import Handover, handovers
from dashboard import case_words as words
from dashboard.case_parameters import with_due
from dashboard.case_question import Question, as_query, way_back
from dashboard.components import states
from dashboard.components.case_filters import case_filters
from dashboard.components.case_panel import nothing_to_read, reading_panel
from dashboard.components.choices import choices, kind_choice, month_choice, place_choice
from dashboard.components.handover_panel import hand_over_form, handover_list, opened, what
from dashboard.components.head import page_head
from dashboard.context import Context, Page
from kpi.access import Place, Role, can_hand_over_rows, check_can_open, has_role, needs_reason
from kpi.access.rows import ROW_READERS
from kpi.views.cases import check_reaches_rows, units_with_rows_to_read
from kpi.views.coverage import coverage
from kpi.views.deviation_page import limits_of
from kpi.views.errors import NotFound
from kpi.views.freshness import is_synthetic
from kpi.views.overview import Months, chosen_month, months_to_choose

_TITLE = "Underlag"


def page(context: Context) -> Page:
    """`slag`, `enhet`, `manad` and `sida` say which rows, `dashboard.case_parameters` which of them; `overlamning`
    opens a sample that the viewer was handed."""
    check_can_open(context.viewer, Place.ROWS)
    handed = handovers(context.connection, context.viewer)
    if "overlamning" in context.query:
        return _sample(context, handed)
    synthetic = is_synthetic(context.connection)
    children: list[Any] = []
    if has_role(context.viewer, ROW_READERS):
        children += _rows(context, is_synthetic=synthetic)
    else:
        lead = "Här läser du de rader som förvaltningschefen har lämnat över till revisionen."
        children += [page_head(_TITLE, is_synthetic=synthetic), html.P(lead, className="lead")]
    if has_role(context.viewer, frozenset({Role.AUDITOR})):
        children.append(handover_list(handed, context.organisation))
    return Page(_TITLE, children)


def _rows(context: Context, *, is_synthetic: bool) -> list[Any]:
    dataset, page_no = _dataset(context.query.get("slag")), _page_number(context)
    months = _months(context)
    if months is None:
        return [states.nothing_yet()]
    month = chosen_month(months, context.month)
    units = units_with_rows_to_read(context.organisation, context.viewer, month)
    code = context.query.get("enhet")
    unit = next((one for one in units if code in (None, one.code)), None)
    if code is not None and unit is None:
        check_reaches_rows(context.viewer, context.organisation, code, month)
    kinds = [(one.code, one.title) for one in words.KINDS.values()]
    wanted, way = as_query(dataset, context.query)
    back = way_back(way)
    head = page_head(
        _TITLE,
        place=unit.name if unit else None,
        crumbs=[back, (_TITLE, None)] if back else None,
        choices=choices(
            kind_choice(kinds, words.KINDS[dataset].code),
            place_choice("Enhet", units, unit.code) if unit else None,
            month_choice(months.months, month, months.preliminary_from),
        ),
        is_synthetic=is_synthetic,
    )
    if unit is None:
        return [head, nothing_to_read()]
    limits = limits_of(context.catalogue)
    question = Question(
        dataset, unit.code, month, page_no, with_due(wanted, limits.feedback), limits.effect, way
    )  # fmt: skip
    children: list[Any] = [head, case_filters(question)]
    asked = context.viewer, context.organisation, unit.code, month.first_day, month.last_day
    children.append(reading_panel(question, unit, needs_reason=needs_reason(*asked)))
    if can_hand_over_rows(*asked):
        children.append(hand_over_form(dataset))
    return children


def _sample(context: Context, handed: tuple[Handover, ...]) -> Page:
    number = context.query["overlamning"]
    found = next((one for one in handed if str(one.number) == number), None)
    if found is None:
        raise NotFound("Urvalet finns inte, eller så är det inte överlämnat till dig. Välj ett i listan på Underlag.")
    heading = f"Urval {found.number}: {what(found, context.organisation)}"
    crumbs: list[tuple[str, str | None]] = [(_TITLE, "/underlag"), (f"Urval {found.number}", None)]
    head = page_head(heading, crumbs=crumbs, is_synthetic=is_synthetic(context.connection))
    return Page(heading, [head, opened(found)])


def _months(context: Context) -> Months | None:
    """The months of the asked unit's municipality, else of the viewer's own."""
    spans = context.organisation.spans(context.query.get("enhet", ""))
    own = [grant.municipality_code for grant in context.viewer.grants if grant.role in ROW_READERS]
    municipality = spans[-1].municipality_code if spans else None
    return months_to_choose(coverage(context.connection, municipality if municipality in own else own[0]))


def _dataset(code: str | None) -> str:
    if not code:
        return next(iter(words.KINDS))
    for dataset, kind in words.KINDS.items():
        if kind.code == code:
            return dataset
    raise NotFound("Uppgifterna finns inte som underlag. Välj avvikelser, SIP eller hänvisningar.")


def _page_number(context: Context) -> int:
    found = context.number("sida")
    if found is None and context.query.get("sida"):
        raise NotFound("Sidan finns inte bland raderna.")
    return found or 1
