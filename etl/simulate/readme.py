"""LÄSMIG.txt: says in Swedish that the files are simulated, and what in them is real."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from etl.simulate.files import MARK
from etl.simulate.reference import Municipality

NAME = "LÄSMIG.txt"

_TEXT = """SYNTETISKA DATA

Filerna i den här mappen är simulerade av Samkoll. Inga uppgifter om verkliga personer eller ärenden finns i dem.
Filer med {mark} i namnet är påhittade leveranser från sju källsystem, en påhittad organisation under kommunens
nämnder och påhittade jämförelsetal. Personnumren har riktig kontrollsiffra men löpnummer 980–999, som aldrig delas
ut till någon. Telefonnummer, namn och e-postadresser i fritext är exempel som inte tillhör någon.

Period: {months} månader till och med {until}. Frö: {seed}.

Källsystemen och deras filer:
- Socialtjänstens verksamhetssystem (verksamhetssystem): samordnade individuella planer.
- Regionens planeringsstöd: möten och uppföljningar (planeringsstod), insatser (planeringsinsatser) och stickprov av
  planer mot lagens fyra uppgifter (planeringsgranskning).
- Avvikelsesystemet (avvikelser), familjecentralens mätblad (familjecentral), utbildningsregistret
  (utbildningsregister) och enkätverktyget (enkat).
- Avtals- och mötesregistret: överenskommelser och gruppuppdrag (samverkansregister_avtal), möten och
  informationstillfällen (samverkansregister_moten).
Jämförelsetalen (context_values) har samma form som i Kolada, men värdena är påhittade och kommer inte därifrån.

Verkliga uppgifter: kommuner, regioner och antal barn.
{population}

Nämndernas namn är verkliga för Trelleborg och Svedala (revisionsrapporter 2021). För övriga kommuner är de antaganden.

Läs in allt:  samkoll load MAPPEN
Några rader i varje fil är felaktiga med flit, så att det syns hur avvisade rader hanteras.
{held}"""

_HELD = """Vellinges avvikelser bryter mot femprocentsregeln med flit: leveransen väntar på en controllers godkännande.
"""


def write_readme(
    folder: Path, municipalities: list[Municipality], *, months: int, until: date, seed: int, held: bool
) -> Path:
    """Write the text; the file."""
    lines = (
        f"- {each.name}: {each.children} barn{' (ungefärligt)' if each.is_approximate else ''}. Källa: {each.source}."
        for each in municipalities
    )
    path = folder / NAME
    text = _TEXT.format(
        mark=MARK,
        months=months,
        until=until,
        seed=seed,
        population="\n".join(lines),
        held=_HELD if held else "",
    )
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
