"""Which municipality a row belongs to, and which ones a delivery's rows of a dataset speak for.

Contract.md: scope = source × dataset × municipality. A row that names no municipality belongs to its unit's, as the
organisation is known now; until the unit has come, to the one that the file or the mapping names ('' = none).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from etl.current import Current, Key, read_scope, read_source, spoken_by, unit_municipalities
from etl.known import Fate
from etl.mapping import Mode
from etl.rules.check import Checked
from etl.rules.typed import Typed


def municipality_of(connection: Connection, checked: Checked, named: str) -> Typed:
    """Per row: its municipality, '' where nothing tells; `named` is what the file or the mapping names."""
    dataset, size = checked.canonical.dataset, len(checked)
    if not dataset.has_municipality:
        units = checked.typed["unit_code"]
        known = unit_municipalities(connection)
        return Typed(units.codes, [known.get(str(code), named) for code in units.values])
    is_required = dataset.field("municipality_code").required  # blank in a rejected row only
    return checked.typed["municipality_code"].where_null(Typed.constant(named if is_required else "", size))


def spoken_for(checked: Checked, municipality: Typed, fates: NDArray[np.int8], named: str) -> frozenset[str]:
    """The municipalities of the rows that were not rejected.

    Without such rows: what is named, since a whole scope may be empty; but changes of which none was taken in say
    nothing of anybody.
    """
    accepted = fates != Fate.REJECTED
    if accepted.any():
        return frozenset(str(municipality.values[code]) for code in np.unique(municipality.codes[accepted]).tolist())
    return frozenset() if len(fates) and checked.canonical.mode is not Mode.SNAPSHOT else frozenset({named})


def owned_in(
    connection: Connection, checked: Checked, source_id: int, municipalities: frozenset[str]
) -> dict[Key, Current]:
    """The source's current versions in the municipalities."""
    dataset = checked.canonical.dataset
    if dataset.has_municipality:
        return read_scope(connection, dataset, source_id, municipalities)
    place = [field.name for field in dataset.key].index("unit_code")
    known = unit_municipalities(connection)
    spoken = spoken_by(connection, dataset, source_id, municipalities)
    return {
        key: found
        for key, found in read_source(connection, dataset, source_id).items()
        if (known[str(key[place])] in municipalities if str(key[place]) in known else found.recorded_by in spoken)
    }
