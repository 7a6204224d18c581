"""Makes the package of what a municipality's boards have released. Nothing but released values is read here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, select

from control.audit.actions import Action
from control.audit.log import record
from control.release.package import ENDING, reaches, write_package
from control.release.package_content import FORMAT, VERSION, Closing, Figure, Municipality, Payload, Place, Value
from control.release.signing import SigningKey
from control.release.store import Stored, closings, is_intact, text_of
from kpi.access import Viewer, check_can_export_release
from kpi.definition import Catalogue, Definition
from kpi.organisation import Organisation, Unit
from kpi.period import Period
from kpi.released import Numbers, ReleasedValue
from kpi.store import definitions_hash
from kpi.views.organisation import read_organisation
from kpi.views.released import released_values
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.tables import kpi, kpi_definition

_LEVELS = ("municipality", "board", "administration", "unit")
"""What lies above a municipality mixes it with others, and never leaves in its name."""


@dataclass(frozen=True)
class Exported:
    """A package and its bytes."""

    payload: Payload
    content: bytes

    @property
    def file_name(self) -> str:
        """`1287-2025-T3.samkoll.json`, after the closed period that ends last."""
        return f"{self.payload.municipality.code}-{reaches(self.payload)}{ENDING}"


def export_release(
    engine: Engine,
    catalogue: Catalogue,
    viewer: Viewer,
    municipality_code: str,
    key: SigningKey,
    *,
    until: Period | None = None,
    at: datetime | None = None,
) -> Exported:
    """The signed file of everything that is released of the municipality, of periods that end by `until`; `at`: the
    moment that it is made, now unless given.

    AccessDenied for others than its central controller; UserError when there is nothing, or a release is not what its
    fingerprint says.
    """
    check_can_export_release(viewer, municipality_code)
    told = f"{municipality_code} {until or ''}".strip()
    record(engine, viewer, Action.RELEASE_EXPORTED, told, municipality_code=municipality_code)
    with reading(engine) as connection:
        payload = _payload(connection, catalogue, viewer, municipality_code, until, at or clock.now())
    return Exported(payload, write_package(payload, key))


def _payload(
    connection: Connection, catalogue: Catalogue, viewer: Viewer, code: str, until: Period | None, at: datetime
) -> Payload:
    organisation = read_organisation(connection)
    municipality = organisation.municipality(code)
    every = {one.release_no: one for one in closings(connection) if one.header.municipality_code == code}
    values = [
        one
        for one in released_values(connection, viewer, catalogue.definitions.values())
        if one.release_no in every and one.unit.level in _LEVELS and one.unit.municipality_code == code
        if until is None or one.period.last_day <= until.last_day
    ]
    if municipality is None or not values:
        upto = f" till och med {until}" if until is not None else ""
        raise UserError(
            f"{code} har inget släppt{upto}. Stäng en period först, med ”samkoll close PERIOD --board NÄMND”; "
            "”samkoll release list” visar vad som är stängt."
        )
    behind = {one.release_no for one in values}
    told = [
        one
        for number, one in sorted(every.items())
        if number in behind or until is None or one.header.period.last_day <= until.last_day
    ]
    _check_intact(connection, told)
    return Payload(
        format=FORMAT,
        version=VERSION,
        municipality=Municipality(code=code, name=municipality.name),
        exported_at=clock.utc(at).replace(microsecond=0),
        is_synthetic=any(one.header.is_synthetic for one in told),
        releases=tuple(_closing(one) for one in told),
        places=_places(organisation, values, told),
        figures=_figures(connection, catalogue, values, every),
    )


def _check_intact(connection: Connection, told: Iterable[Stored]) -> None:
    for one in told:
        if not is_intact(connection, one.release_no):
            raise UserError(
                f"Release {one.release_no} ({one.header.board_code} {one.header.period}) har ändrats i efterhand, och "
                "inget paket görs. Återställ databasen från en säkerhetskopia; ”samkoll release list” visar vad som är "
                "ändrat."
            )


def _closing(stored: Stored) -> Closing:
    header = stored.header
    return Closing(
        number=stored.release_no,
        board=header.board_code,
        period=str(header.period),
        revision=header.revision,
        closed_at=clock.utc(header.closed_at),
        content_hash=stored.content_hash,
        previous_hash=stored.previous_hash,
    )


def _places(organisation: Organisation, values: Iterable[ReleasedValue], told: Iterable[Stored]) -> tuple[Place, ...]:
    """Every place that is named, as it was in the latest period that it is named for."""
    found = {}
    for one in sorted(values, key=lambda one: one.period.last_day):
        found[one.unit.code] = one.unit
    for stored in told:
        board = organisation.on(stored.header.board_code, stored.header.period.last_day)
        if board is not None:
            found.setdefault(board.code, board)
    return tuple(_place(unit) for _, unit in sorted(found.items()))


def _place(unit: Unit) -> Place:
    try:
        return Place.model_validate({"code": unit.code, "name": unit.name, "level": unit.level, "area": unit.area})
    except ValidationError:
        raise UserError(
            f"Enheten {unit.code} har en kod eller ett namn som inte kan stå i ett paket: osynliga tecken, ett "
            "personnummer, eller för långt. Rätta det i leveransen av organisationen."
        ) from None


def _figures(
    connection: Connection, catalogue: Catalogue, values: Iterable[ReleasedValue], every: dict[int, Stored]
) -> tuple[Figure, ...]:
    meanings = _Meanings(connection, catalogue)
    found: dict[tuple[str, str], list[ReleasedValue]] = {}
    for one in values:
        digest = every[one.release_no].header.definitions_digest
        found.setdefault((one.kpi_id, meanings.of(one.kpi_id, digest) or ""), []).append(one)
    return tuple(
        _figure(catalogue.definitions[id_], meaning or None, own) for (id_, meaning), own in sorted(found.items())
    )


def _figure(definition: Definition, meaning: str | None, values: Iterable[ReleasedValue]) -> Figure:
    ordered = sorted(values, key=lambda one: (one.unit.code, one.period.code, one.split or ()))
    told = {
        "id": definition.id,
        "name": definition.name,
        "unit": definition.unit,
        "shape": definition.shape.value,
        "decimals": definition.decimals,
        "per": definition.meaning.per,
        "meaning": meaning,
        "values": tuple(_value(one) for one in ordered),
    }
    try:
        return Figure.model_validate(told)
    except ValidationError:
        raise UserError(
            f"Nyckeltalet {definition.id} har ett namn som inte kan stå i ett paket: osynliga tecken, ett nummer som "
            "ser ut som ett personnummer, eller för långt. Rätta det i definitionsfilen."
        ) from None


def _value(one: ReleasedValue) -> Value:
    split = text_of(one.split) if one.split else None
    if not isinstance(one.content, Numbers):
        return Value(unit=one.unit.code, period=str(one.period), split=split, release=one.release_no, suppressed=True)
    return Value(
        unit=one.unit.code,
        period=str(one.period),
        split=split,
        release=one.release_no,
        numerator=one.content.numerator,
        denominator=one.content.denominator,
        value=one.content.value,
        cases=one.content.cases,
    )


class _Meanings:
    """By which meaning a figure was released: today's where the definitions were today's, or where it never had
    another; else it is not known any more."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._digest = definitions_hash(catalogue)
        self._known: dict[str, Collection[str]] = {}
        rows = connection.execute(
            select(kpi.c.kpi_id, kpi_definition.c.definition_hash).join(kpi, kpi.c.kpi_no == kpi_definition.c.kpi_no)
        )
        for kpi_id, hash_ in rows:
            self._known[kpi_id] = {*self._known.get(kpi_id, ()), hash_}

    def of(self, kpi_id: str, digest: str) -> str | None:
        """The definition's hash; None when it is not known."""
        today = self._catalogue.definitions[kpi_id].definition_hash
        return today if digest == self._digest or self._known.get(kpi_id) == {today} else None
