"""Actions: what is done about a figure, a pattern of deviations, a control or a decision, and what came of it."""
