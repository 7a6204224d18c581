"""The Dash application: pages, components, charts and texts. Reads through `kpi.views`, asks through `control`."""
