"""The stored cut that a paper rests on: a board's release, and everything released up to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, func, select

from control.definitions import check_text, read_version
from control.papers.kinds import EXAMPLES, PERIOD_TYPES, PaperKind
from kpi.definition import Catalogue
from kpi.format import month
from kpi.period import Period, PeriodType, overlap
from warehouse import clock, closed_tables, tables
from warehouse.errors import UserError


@dataclass(frozen=True)
class Release:
    """A board's closing or correction."""

    release_no: int
    period: Period
    closed_at: datetime
    content_hash: str
    definitions_digest: str
    is_synthetic: bool
    run_no: int


def releases_of(connection: Connection, board_code: str) -> list[Release]:
    """The board's releases, in the order that they were made."""
    table = closed_tables.release
    rows = connection.execute(
        select(
            table.c.release_no, table.c.period, table.c.closed_at, table.c.content_hash, table.c.definitions_digest,
            table.c.is_synthetic, table.c.run_no,
        )
        .where(table.c.board_code == board_code)
        .order_by(table.c.release_no)
    )  # fmt: skip
    return [
        Release(
            row.release_no, Period.from_code(row.period), clock.utc(row.closed_at), row.content_hash,
            row.definitions_digest, row.is_synthetic, row.run_no,
        )
        for row in rows
    ]  # fmt: skip


def period_for(kind: PaperKind, releases: list[Release]) -> Period:
    """The newest period of the kind that has been closed whole. UserError when there is none."""
    if not releases:
        raise UserError(
            "Nämnden har inte stängt någon period, och en uppföljning görs bara av stängda perioder. Stäng en på sidan "
            "Stängning, eller med ”samkoll close PERIOD --board KOD”."
        )
    newest = max((one.period for one in releases), key=lambda one: one.last_day)
    wanted = PERIOD_TYPES[kind]
    if wanted is None:
        return newest
    found = Period.containing(newest.last_day, wanted)
    candidate = found if found.last_day == newest.last_day else found.shift(-1)
    if not is_closed(candidate, releases):
        raise UserError(
            f"{kind.word}: nämnden har inte stängt {_a(kind)} ännu. Stäng de perioder som saknas, eller välj en period "
            "som är stängd."
        )
    return candidate


def _a(kind: PaperKind) -> str:
    return {PaperKind.YEAR: "ett helt år", PaperKind.TERTIAL: "ett helt tertial"}.get(kind, "en sådan period")


def check_period(kind: PaperKind, period: Period, releases: list[Release]) -> None:
    """UserError for a period of another sort than the kind is about, or one that is not closed."""
    wanted = PERIOD_TYPES[kind]
    if wanted is not None and period.type is not wanted:
        raise UserError(f"{kind.word} gäller {EXAMPLES[kind]}, inte {month(period)}.")
    if kind is not PaperKind.CONTROL_PLAN and not is_closed(period, releases):
        raise UserError(
            f"{kind.word} för {month(period)} kan inte göras: perioden är inte stängd. Stäng den först på sidan "
            "Stängning, eller välj en som är stängd."
        )


def is_closed(period: Period, releases: list[Release]) -> bool:
    """Whether the whole period lies within closed ones."""
    months = {
        one
        for release in releases
        for one in _months(release.period)
    }  # fmt: skip
    return all(one in months for one in _months(period))


def _months(period: Period) -> list[Period]:
    first = Period.containing(period.first_day, PeriodType.MONTH)
    return [first.shift(step) for step in range(period.type.months)]


def release_for(period: Period, releases: list[Release]) -> Release | None:
    """The last release that concerns the period."""
    return next((one for one in reversed(releases) if overlap(one.period, period)), None)


def check_is_newest(kind: PaperKind, period: Period, release_no: int, releases: list[Release]) -> None:
    """UserError where the period has been closed or corrected again since the release that the paper rests on; of a
    plan, which rests on none of its own, the period whose figures it tells."""
    if kind is PaperKind.CONTROL_PLAN:
        period = next((one.period for one in releases if one.release_no == release_no), period)
    newest = release_for(period, releases)
    if release_no and newest is not None and newest.release_no > release_no:
        raise UserError(
            f"Handlingen läggs inte fram: {month(newest.period)} har stängts på nytt sedan den skrevs (stängning nr "
            f"{newest.release_no}), så den visar inte de uppgifter som gäller. Gör en ny version av handlingen, och "
            "lägg fram den i stället."
        )


def closed_before(period: Period, releases: list[Release]) -> datetime | None:
    """When the board closed something last before it first closed any of the period; None when it had not."""
    first = next((at for at, one in enumerate(releases) if overlap(one.period, period)), 0)
    return releases[first - 1].closed_at if first else None


def definitions_at(connection: Connection, at: datetime) -> int:
    """The version of the definitions that served then, else the one that was kept first; 0 where none is kept."""
    table = tables.definitions_version
    then = select(func.max(table.c.version_no)).where(table.c.saved_at <= at)
    return connection.scalar(then) or connection.scalar(select(func.min(table.c.version_no))) or 0


def catalogue_of(connection: Connection, version_no: int, serving: Catalogue) -> Catalogue:
    """The definitions of the version; those that serve where it is not kept, or cannot be read."""
    content = read_version(connection, version_no)
    return (_read(content, version_no) if content is not None else None) or serving


@lru_cache(maxsize=4)
def _read(content: str, version_no: int) -> Catalogue | None:
    return check_text(content, f"version {version_no}", None)[0]
