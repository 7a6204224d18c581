"""What the demo shows of internal control: two years of plans, controls, assessments, actions, comments and papers,
written through the same services as a page's, on days that follow today. Nobody is named but by role."""

from etl.demo_control.cast import closer_of
from etl.demo_control.history import CLOSED_AFTER, control_steps, has_history
from etl.demo_control.papers import write_papers

__all__ = ["CLOSED_AFTER", "closer_of", "control_steps", "has_history", "write_papers"]
