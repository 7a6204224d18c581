"""A plan's controls as they come due: when, what the figures propose, what was found, and the samples drawn for it."""
