"""A document of every kind of block, with signs that formats may stumble on, for tests of files."""

from __future__ import annotations

from control.papers.content import (
    Annex,
    Cell,
    Chart,
    Column,
    Cut,
    Document,
    Head,
    Items,
    Paragraph,
    Point,
    Section,
    Table,
)

ODD = "=1+1 <b>&amp;</b> #let x \u00ad å–ä ”ö” ᚠ"
"""Would be a formula, markup, a command or a sign that no font has."""


def head(**more: str) -> Head:
    told = {"board": "Socialnämnden", "registration_number": "SN 2025/44"} | more
    return Head(
        kind="monthly", board_code="1287-SN", municipality="Trelleborgs kommun", period="2025-03", version=2,
        dated="2025-04-07", is_synthetic=True, cut=Cut(3, "ab" * 32, "2025-04-02T08:00:00+00:00", "cd" * 32), **told,
    )  # fmt: skip


def document() -> Document:
    columns = (Column("Nyckeltal", 30), Column("Utfall", 12, is_number=True), Column("Bedömning", 20))
    rows = tuple(
        (Cell(f"Nyckeltal {at}", below=ODD), Cell("63 %", 0.63, "percent", 0, "29 av 46"), Cell(ODD))
        for at in range(40)
    )
    chart = Chart(
        "SIP uppföljda i tid per månad", "Linjediagram. januari 50 %, februari visas inte, mars 63 %.",
        (Point("jan 2025", 0.5), Point("feb 2025", None, is_hidden=True), Point("mar 2025", 0.63)), "percent", 0,
        0.9, "Mål 90 %", 0.55, 0.2, 0.9,
    )  # fmt: skip
    part = Section("Ett nyckeltal", (Paragraph("Mars 2025: 63 % (29 av 46)."), chart))
    return Document(
        head=head(),
        title="Uppföljning av intern kontroll i mars 2025",
        decisions=("godkänna uppföljningen", "uppdra åt förvaltningen att återkomma"),
        summary=(Paragraph(ODD), Items(("Ett", "Två"))),
        sections=(Section("Nyckeltal", (Paragraph("Viktigt.", is_strong=True),), (part,)),),
        annexes=(Annex("Alla nyckeltal", (Section("Tabell", (Table("Alla nyckeltal", columns, rows),)),)),),
        copies_to=("Revisionen",),
    )
