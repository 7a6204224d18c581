"""Reads in another municipality's package for the readers of one of ours: proven first, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from control.audit.actions import Action
from control.audit.log import record
from control.release.package import Package, PackageRefused, reaches, read_package
from control.release.package_content import Figure, Place
from kpi.access import Viewer, check_can_import_release
from kpi.period import Period
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.contract import LEVELS
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.package_tables import imported_figure, imported_release, imported_value


@dataclass(frozen=True)
class Imported:
    """What came of it. `package_no`: its number; `is_new`: False when the same file was read in before; `replaced`:
    whether an older package of the municipality is no longer shown."""

    package_no: int
    package: Package
    for_municipality: str
    is_new: bool
    replaced: bool


def import_release(
    engine: Engine,
    viewer: Viewer,
    content: bytes,
    name: str,
    trusted: Mapping[str, str],
    *,
    for_municipality: str | None = None,
) -> Imported:
    """Read in the file `name` for the readers of `for_municipality`, by default the only one that has boards here.

    AccessDenied for others than its central controller. UserError when it is not known which municipality, or the
    package is refused: it is not proven, its own, or older than the one that is shown.
    """
    receiver = _receiver(engine, for_municipality)
    check_can_import_release(viewer, receiver)
    package = read_package(content, name, trusted, clock.now())
    sender = package.payload.municipality
    if sender.code == receiver:
        raise PackageRefused(f"{name} är {receiver}:s eget paket. Det som kommunen själv har släppt syns redan.")
    with writing(engine) as connection:
        known = connection.scalar(
            select(imported_release.c.package_no).where(
                imported_release.c.for_municipality == receiver, imported_release.c.sha256 == package.sha256
            )
        )
        if known is not None:
            return Imported(known, package, receiver, is_new=False, replaced=False)
        shown = _shown(connection, receiver, sender.code)
        if shown is not None:
            _check_is_newer(name, package, clock.utc(shown.exported_at))
            connection.execute(
                update(imported_release)
                .where(imported_release.c.package_no == shown.package_no)
                .values(is_superseded=True)
            )
        number = _write(connection, viewer, receiver, package, content)
        record(connection, viewer, Action.RELEASE_IMPORTED, f"{sender.code} {name}", municipality_code=receiver)
    return Imported(number, package, receiver, is_new=True, replaced=shown is not None)


def _receiver(engine: Engine, for_municipality: str | None) -> str:
    with reading(engine) as connection:
        boards = read_organisation(connection).boards()
    codes = sorted({one.municipality_code for one in boards if one.municipality_code})
    if for_municipality is None and len(codes) == 1:
        return codes[0]
    if for_municipality in codes:
        return str(for_municipality)
    known = f"Här finns {', '.join(codes)}." if codes else "Läs in organisationen först."
    if for_municipality is None:
        raise UserError(f"Säg med --for vilken kommuns läsare paketet är för. {known}")
    raise UserError(f"--for: ingen kommun {for_municipality} har några nämnder här. {known}")


def _shown(connection: Connection, receiver: str, sender: str) -> Row[*tuple[Any, ...]] | None:
    return connection.execute(
        select(imported_release.c.package_no, imported_release.c.exported_at).where(
            imported_release.c.for_municipality == receiver,
            imported_release.c.municipality_code == sender,
            ~imported_release.c.is_superseded,
        )
    ).first()


def _check_is_newer(name: str, package: Package, shown: datetime) -> None:
    made = package.payload.exported_at
    if made > shown:
        return
    raise PackageRefused(
        f"{name} gjordes {clock.local(made):%Y-%m-%d %H:%M} och är inte nyare än det paket från "
        f"{package.payload.municipality.name} som redan visas ({clock.local(shown):%Y-%m-%d %H:%M}). Inget är ändrat; "
        "be kommunen om ett nytt paket om det som visas är fel."
    )


def _write(connection: Connection, viewer: Viewer, receiver: str, package: Package, content: bytes) -> int:
    payload = package.payload
    number: int = connection.execute(
        insert(imported_release)
        .values(
            for_municipality=receiver,
            municipality_code=payload.municipality.code,
            name=payload.municipality.name,
            fingerprint=package.fingerprint,
            sha256=package.sha256,
            content=content,
            exported_at=payload.exported_at,
            reaches=reaches(payload).last_day,
            imported_at=clock.now(),
            imported_by=viewer.user,
            is_synthetic=payload.is_synthetic,
            is_superseded=False,
        )
        .returning(imported_release.c.package_no)
    ).scalar_one()
    places = {one.code: one for one in payload.places}
    corrections = frozenset(one.number for one in payload.releases if one.revision)
    for figure in payload.figures:
        figure_no = connection.execute(
            insert(imported_figure)
            .values(
                package_no=number,
                kpi_id=figure.id,
                meaning=figure.meaning or "",
                name=figure.name,
                unit=figure.unit,
                shape=figure.shape,
                decimals=figure.decimals,
                per=figure.per,
            )
            .returning(imported_figure.c.figure_no)
        ).scalar_one()
        connection.execute(insert(imported_value), _value_rows(figure, figure_no, places, corrections))
    return number


def _value_rows(
    figure: Figure, figure_no: int, places: Mapping[str, Place], corrections: frozenset[int]
) -> list[dict[str, object]]:
    return [
        {
            "figure_no": figure_no,
            "unit_code": one.unit,
            "period": Period.parse(one.period).code,
            "split": one.split or "",
            "unit_name": places[one.unit].name,
            "level": LEVELS.index(places[one.unit].level),
            "area": places[one.unit].area,
            "is_corrected": one.release in corrections,
            "is_suppressed": one.suppressed is True,
            "numerator": one.numerator,
            "denominator": one.denominator,
            "value": one.value,
            "cases": one.cases,
        }
        for one in figure.values
    ]
