"""The Dash application. Reads through `kpi.views` only."""
