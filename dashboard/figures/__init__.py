"""Charts as functions: frozen rows in, plain plotly dicts or SVG out. Nothing is computed but per cent."""
