"""What readers have told that they could not do, for who administers the product."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from control.feedback import Feedback
from dashboard.components import states
from dashboard.components.attributes import aria
from dashboard.components.data_table import Column, data_table
from kpi import format as text

_COLUMNS = (Column("När"), Column("Sida"), Column("Vad"), Column("Svar till"))


def feedback_section(found: Sequence[Feedback]) -> html.Section:
    """The newest first."""
    rows = [[text.moment(one.made_at), one.about or "–", one.text, one.reply_to or "–"] for one in found]
    caption = "Synpunkter på tillgängligheten"
    table = data_table(caption, _COLUMNS, rows) if rows else states.empty("Ingen har lämnat någon synpunkt.")
    return html.Section(
        [html.H2(caption, id="synpunkter"), table], className="section", **aria(labelledby="synpunkter")
    )
