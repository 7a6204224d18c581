"""The board's year: when its risk analysis, plan and follow-ups are to be put before it."""
