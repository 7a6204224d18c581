"""Identity numbers in key, code and person columns replaced by pseudonyms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from etl.identity.number import PersonKind, Persons, read_persons
from etl.identity.pseudonym import Pseudonymiser
from etl.table import Column, pair_codes
from warehouse.identity.spelling import SIEVE_NUMBER, numbers_in


@dataclass(frozen=True, eq=False)
class Pseudonymised:
    """A person column: what its distinct cells are, and each row's pseudonym ('' where there is no person)."""

    persons: Persons
    codes: NDArray[np.int32]
    pseudonyms: Column


def pseudonymise_persons(column: Column, municipality: Column, maker: Pseudonymiser, latest: date) -> Pseudonymised:
    """Every cell of a person column as a pseudonym; `latest` is the day after which nobody is born."""
    persons = read_persons(column.values, latest)
    width = len(municipality.values)
    codes, pairs = pair_codes(column.codes, municipality.codes, width)
    made = np.full(len(pairs), "", dtype=object)
    kinds = persons.kind[pairs // width]
    for place, municipality_code in enumerate(municipality.texts):
        here = pairs % width == place
        for kind, make in ((PersonKind.NUMBER, maker.of_numbers), (PersonKind.LOCAL, maker.of_local_ids)):
            chosen = np.flatnonzero(here & (kinds == kind))
            identities = [persons.identity[index] for index in (pairs[chosen] // width).tolist()]
            made[chosen] = make(municipality_code.strip(), identities)
    return Pseudonymised(persons, column.codes, Column(codes, pa.array(made, pa.string())))


def pseudonymise_keys(column: Column, municipality: Column, maker: Pseudonymiser, latest: date) -> Column:
    """Each identity number inside a cell of a key or code column as its pseudonym, so that keys stay apart."""
    sieved = pc.match_substring_regex(column.values, SIEVE_NUMBER).to_numpy(zero_copy_only=False)
    suspects = np.flatnonzero(sieved)
    if not len(suspects):
        return column
    rows = np.flatnonzero(sieved[column.codes])
    codes, pairs = pair_codes(column.codes[rows], municipality.codes[rows], len(municipality.values))
    width = len(municipality.values)
    texts = [
        _replaced(column.texts[pair // width], municipality.texts[pair % width].strip(), maker, latest)
        for pair in pairs.tolist()
    ]
    changed = column.codes.copy()
    changed[rows] = codes + np.int32(len(column.values))
    return Column(changed, pa.concat_arrays([_without(column.values, sieved), pa.array(texts, pa.string())]))


def _without(values: pa.Array, sieved: NDArray[np.bool_]) -> pa.Array:
    """The values with the suspects blanked: no row points at them any more."""
    return pc.if_else(pa.array(sieved), "", values)


def _replaced(text: str, municipality_code: str, maker: Pseudonymiser, latest: date) -> str:
    pieces: list[str] = []
    kept = 0
    for start, end, digits in numbers_in(text, by_form=False):
        persons = read_persons(pa.array([digits]), latest)
        (pseudonym,) = maker.of_numbers(municipality_code, persons.identity)
        pieces += [text[kept:start], pseudonym]
        kept = end
    return "".join([*pieces, text[kept:]])
