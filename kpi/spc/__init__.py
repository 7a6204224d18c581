"""Statistical process control: what in a series is signal, and what may be usual variation. Pure.

`series` is what goes in. `xmr` draws the XmR chart (with `rules` and `icons`), `control` every other chart (with
`limits`, `rare` and `runs`). `choice` says which chart a figure gets; `intervals` and `funnel` compare units. `case`
reads and writes the JSON of `samkoll spc`.
"""
