"""What stands around a document in every format: its head, decisions, foot. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from control.papers.content import SHORT_HASH, Document
from kpi import format as text
from warehouse import clock

SYNTHETIC = "Syntetiska data"
SYNTHETIC_HELP = "Handlingen är gjord på påhittade uppgifter som inte gäller några verkliga barn."
SECRECY = "Sekretess"
DRAFT_NUMBER = "dnr saknas"
PROPOSAL = "Förslag till beslut"
SUMMARY = "Sammanfattning"
COPIES = "Beslutet skickas till"
PAPERS = "Beslutsunderlag"
SIGNED_BY = ("Förvaltningschef", "Controller")


def kind_words(document: Document) -> str:
    """What sort of paper it is."""
    return "Bilaga" if document.is_secret else "Tjänsteskrivelse"


def head_facts(document: Document) -> list[tuple[str, str]]:
    """Label and words: to whom, when, registration number, version."""
    head = document.head
    found = [
        ("Till", head.board),
        ("Datum", dated(document)),
        ("Diarienummer", head.registration_number or "ännu inte satt"),
        ("Version", version_words(document)),
    ]
    return [*found, ("Antagen", document.note)] if document.note else found


def version_words(document: Document) -> str:
    """Its number; 0 has been written without being kept."""
    return str(document.head.version) if document.head.version else "utkast"


def dated(document: Document) -> str:
    """Its day: `7 april 2026`."""
    return text.day(date.fromisoformat(document.head.dated))


def decision_lead(document: Document) -> str:
    """`Socialnämnden beslutar`."""
    return f"{document.head.board} beslutar att"


def foot(document: Document) -> str:
    """Registration number, version, and the hash by which the file is known."""
    head = document.head
    number = f"dnr {head.registration_number}" if head.registration_number else DRAFT_NUMBER
    parts = [head.board, number, f"version {version_words(document)}", f"fingeravtryck {document.hash[:SHORT_HASH]}"]
    return " · ".join(parts)


def marks(document: Document) -> str:
    """What must stand on every page."""
    found = ([SECRECY] if document.is_secret else []) + ([SYNTHETIC] if document.head.is_synthetic else [])
    return " · ".join(found)


def annex_titles(document: Document) -> list[str]:
    """`Bilaga 1: Alla nyckeltal`."""
    return [f"Bilaga {at}: {annex.title}" for at, annex in enumerate(document.annexes, 1)]


def made_at(document: Document) -> datetime:
    """The only moment that a file tells: the noon of its day, in Sweden whoever draws it."""
    return clock.midnight(date.fromisoformat(document.head.dated)) + timedelta(hours=12)


def file_name(document: Document) -> str:
    """Without its ending: `manadsuppfoljning-1287-SN-2025-03-v1`."""
    head = document.head
    kind = head.kind.replace("_", "-")
    secret = "-bilaga-sekretess" if document.is_secret else ""
    return f"{kind}-{head.board_code}-{head.period}-v{head.version}{secret}"
