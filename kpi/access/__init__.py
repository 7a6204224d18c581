"""Who may read what, as sentences. Pure: the same rules stand as SQL predicates in `kpi.views.reach`.

Deny by default: a viewer without a matching grant reads nothing. `check_can_…` raises `AccessDenied` with a sentence
for the reader; `can_…` answers yes or no by the same rule. All of it is printed in docs/security.md, by
`kpi.access.truth`.
"""

from kpi.access.control import (
    CONTROL_ROLES,
    PAPER_ROLES,
    PLAN_ROLES,
    Side,
    assessing_role,
    can_assess,
    can_carry_out,
    can_comment,
    can_confirm,
    can_edit_plan,
    can_make_papers,
    can_manage_action,
    can_read_control,
    can_read_drafts,
    can_read_evidence_file,
    can_read_papers,
    can_read_plan,
    can_record_decision,
    can_review_sample,
    can_set_scale,
    check_can_assess,
    check_can_carry_out,
    check_can_comment,
    check_can_confirm,
    check_can_edit_plan,
    check_can_make_papers,
    check_can_manage_action,
    check_can_read_control,
    check_can_read_drafts,
    check_can_read_evidence_file,
    check_can_read_papers,
    check_can_read_plan,
    check_can_record_decision,
    check_can_review_sample,
    check_can_set_scale,
    confirming_role,
    control_boards,
)
from kpi.access.figures import (
    Exposure,
    can_read_figure,
    can_read_overview,
    check_can_read_figure,
    check_can_read_overview,
    exposure_of,
    homes,
    readable_municipalities,
)
from kpi.access.oversight import (
    can_administer,
    can_read_log,
    can_review_access,
    check_can_administer,
    check_can_read_log,
    check_can_review_access,
)
from kpi.access.places import Place, can_open, check_can_open, places_of
from kpi.access.released import (
    can_export_release,
    can_import_release,
    can_read_imported,
    can_read_released,
    check_can_export_release,
    check_can_import_release,
    check_can_read_imported,
    check_can_read_released,
)
from kpi.access.rows import (
    can_hand_over_rows,
    can_read_handed_over,
    can_read_rows,
    check_can_hand_over_rows,
    check_can_read_handed_over,
    check_can_read_rows,
    needs_reason,
)
from kpi.access.viewer import OPERATOR, AccessDenied, Grant, ReasonNeeded, Role, Viewer, has_role, is_operator
from kpi.access.work import (
    can_close,
    can_decide_deliveries,
    can_edit_definitions,
    can_read_closing,
    can_read_deliveries,
    can_read_rejects,
    check_can_close,
    check_can_decide_deliveries,
    check_can_edit_definitions,
    check_can_read_closing,
    check_can_read_deliveries,
    check_can_read_rejects,
    deciding_municipalities,
    delivery_municipalities,
)

__all__ = [
    "CONTROL_ROLES", "OPERATOR", "PAPER_ROLES", "PLAN_ROLES", "AccessDenied", "Exposure", "Grant", "Place",
    "ReasonNeeded", "Role", "Side", "Viewer", "assessing_role", "can_administer", "can_assess",
    "can_carry_out", "can_close",
    "can_comment", "can_confirm", "can_decide_deliveries", "can_edit_definitions", "can_edit_plan",
    "can_export_release", "can_hand_over_rows", "can_import_release", "can_make_papers", "can_manage_action",
    "can_open", "can_read_closing", "can_read_control", "can_read_deliveries", "can_read_drafts",
    "can_read_evidence_file", "can_read_figure", "can_read_handed_over", "can_read_imported", "can_read_log",
    "can_read_overview", "can_read_papers", "can_read_plan", "can_read_rejects", "can_read_released", "can_read_rows",
    "can_record_decision", "can_review_access", "can_review_sample", "can_set_scale", "check_can_administer",
    "check_can_assess", "check_can_carry_out", "check_can_close", "check_can_comment", "check_can_confirm",
    "check_can_decide_deliveries", "check_can_edit_definitions", "check_can_edit_plan", "check_can_export_release",
    "check_can_hand_over_rows", "check_can_import_release", "check_can_make_papers", "check_can_manage_action",
    "check_can_open", "check_can_read_closing", "check_can_read_control", "check_can_read_deliveries",
    "check_can_read_drafts", "check_can_read_evidence_file", "check_can_read_figure", "check_can_read_handed_over",
    "check_can_read_imported", "check_can_read_log", "check_can_read_overview", "check_can_read_papers",
    "check_can_read_plan", "check_can_read_rejects", "check_can_read_released", "check_can_read_rows",
    "check_can_record_decision", "check_can_review_access", "check_can_review_sample", "check_can_set_scale",
    "confirming_role", "control_boards", "deciding_municipalities", "delivery_municipalities", "exposure_of",
    "has_role", "homes", "is_operator", "needs_reason", "places_of", "readable_municipalities",
]  # fmt: skip
