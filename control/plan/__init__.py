"""A board's internal control plan: what it says, its life, and the plan that an installation begins with."""
