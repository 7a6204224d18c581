"""What the page of the family centres shows, as tables of typed cells."""

from __future__ import annotations

from dashboard import texts
from dashboard.centre_words import FEW, delivers, span
from dashboard.exports.cells import BLANK, Amount, Cell
from dashboard.exports.tables import Column, Table
from dashboard.figures.sankey import in_order
from kpi import format as text
from kpi.referrals import Contact, by_part
from kpi.views.centres import CentresPage

_CONTACT = (
    "Kontakt inom 30 dagar", "av", "Andel", "Utan kontakt efter 60 dagar", "av", "Andel", "Dagar till kontakt",
)  # fmt: skip


def flows_table(page: CentresPage) -> Table:
    """A row for each direction, then all: the Sankey chart's twin."""
    headings = ("Ärenden", "Året före", "Förändring")
    columns = (
        Column("Från", 18, is_text=True),
        Column("Till", 18, is_text=True),
        *(Column(one, 12) for one in headings),
    )
    pairs = ((one, other) for one in in_order(page.now.senders) for other in in_order(page.now.receivers))
    rows = [
        (text.capital(texts.actor(pair[0])), text.capital(texts.actor(pair[1])),
         *_flow(page, *pair))
        for pair in pairs if pair in page.now.cells
    ]  # fmt: skip
    total = _flow(page, None, None)
    return Table(
        "Flöden", f"Ärenden från och till varje aktör, {span(page)}", columns, (*rows, ("Alla", "Alla", *total))
    )


def centres_table(page: CentresPage) -> Table:
    """By centre."""
    headings = ("Ärenden", "Året före", "Förändring", *_CONTACT)
    found = by_part(page.contact, 0)
    rows = [
        (one.unit.name, *_counts(one.now, one.before, one.change),
         *contact_cells(found.get(one.unit.code, Contact()), page.fewest), delivers(one.only_counts, one.tells_contact))
        for one in page.centres
    ]  # fmt: skip
    columns = (Column("Familjecentral", 26, is_text=True), *(Column(one, 12) for one in headings),
               Column("Lämnar", 22, is_text=True))  # fmt: skip
    return Table("Centraler", f"Per familjecentral, {span(page)}", columns, tuple(rows))


def _flow(page: CentresPage, sender: str | None, receiver: str | None) -> tuple[Cell, Cell, Cell]:
    """Of two actors, or of all."""
    now, before = page.now.at(sender, receiver), page.before
    if before is None:
        return _counts(now, None, None)
    return _counts(now, before.at(sender, receiver), before.change_to(now, sender, receiver))


def _counts(now: int, before: int | None, change: int | None) -> tuple[Cell, Cell, Cell]:
    if before is None or change is None:
        return Amount(now), BLANK, BLANK
    return Amount(now), Amount(before), text.signed(change)


def contact_cells(one: Contact, fewest: int) -> tuple[Cell, ...]:
    """Contact in time, lost, and the median of the days, each with what it rests on."""
    middle: Cell = BLANK
    if one.middle is not None:
        middle = FEW if len(one.days) < fewest else Amount(one.middle, "days")
    return (
        *_share(one.contacted, one.due, one.contacted_share, fewest),
        *_share(one.lost, one.lost_due, one.lost_share, fewest),
        middle,
    )


def _share(count: int, of: int, share: float | None, fewest: int) -> tuple[Cell, Cell, Cell]:
    if share is None:
        return BLANK, BLANK, BLANK
    return Amount(count), Amount(of), FEW if of < fewest else Amount(share, "percent")
