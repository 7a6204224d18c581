"""Which source and datasets a file belongs to, by its name."""

from __future__ import annotations

from pathlib import PurePath

from etl.mapping import CANONICAL, Mapping, canonical_mapping
from etl.mapping_loader import load_mappings
from warehouse.contract import DATASETS
from warehouse.errors import UserError


def recognise(name: str, source: str | None, *, is_explicit: bool = True) -> Mapping | None:
    """The mapping for a file, as far as it concerns the file; None when no known system has such a file.

    With a `source` only that one is tried, and a file that the user named (`is_explicit`) is its whatever its name.
    UserError when the source does not exist, or when several systems have such a file.
    """
    base = PurePath(name).name
    if source is not None and source != CANONICAL:
        mapping = find_source(source)
        belongs = mapping.takes_file(base) or (is_explicit and base.casefold().endswith(f".{mapping.format}"))
        return _for_file(mapping, base) if belongs else None
    found = [] if source == CANONICAL else [each for each in load_mappings().values() if each.takes_file(base)]
    if len(found) > 1:
        systems = " och ".join(each.source for each in found)
        raise UserError(f"Filen {base} passar flera källor: {systems}. Ange vilken med --source.")
    return _for_file(found[0], base) if found else _canonical(base)


def _for_file(mapping: Mapping, base: str) -> Mapping:
    own = mapping.for_file(base)
    if not own.datasets:
        patterns = ", ".join(pattern for mapped in mapping.datasets.values() for pattern in mapped.files)
        raise UserError(
            f"Namnet {base} säger inte vad filen innehåller. Döp den efter något av mönstren för "
            f"{mapping.source}: {patterns}."
        )
    return own


def find_source(source: str) -> Mapping:
    """The mapping of a source that is not `canonical`; UserError when there is none."""
    mappings = load_mappings()
    if source not in mappings:
        known = ", ".join([CANONICAL, *mappings])
        raise UserError(f"Det finns ingen källa som heter {source}. De som finns är {known}.")
    return mappings[source]


def _canonical(base: str) -> Mapping | None:
    """The contract's own file: `<dataset>.csv`, or with something after the dataset's name."""
    path = PurePath(base.casefold())
    if path.suffix != ".csv":
        return None
    outside = [name for name, dataset in DATASETS.items() if not dataset.is_own]
    fitting = [name for name in outside if path.stem == name or _goes_on(path.stem, name)]
    return canonical_mapping(max(fitting, key=len)) if fitting else None


def _goes_on(stem: str, name: str) -> bool:
    return stem.startswith(name) and not stem[len(name)].isalpha()
