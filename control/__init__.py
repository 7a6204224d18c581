"""Internal control: what a board plans, assesses and decides on top of the key figures."""
