"""A row's content as one number: two rows of a key are the same exactly when their numbers are.

The sum, modulo 2⁶⁴, of a BLAKE2b hash of "field=value" for every field outside the key that has a value. So a blank
field and an absent one are equal, and a field that the contract gains later changes nothing that is stored.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from etl.rules.check import Checked
from etl.rules.typed import Typed
from warehouse.contract import Kind


def content_hashes(checked: Checked) -> NDArray[np.int64]:
    """Per row: the content's hash, as a signed 64-bit number."""
    total = np.zeros(len(checked), dtype=np.uint64)
    for field in checked.canonical.dataset.fields:
        if not field.key:
            typed = checked.typed[field.column]
            hashes = _of_pseudonyms(typed) if field.kind is Kind.PERSON else _of_values(field.name, typed)
            total += hashes[typed.codes]
    return total.view(np.int64)


def _of_values(name: str, typed: Typed) -> NDArray[np.uint64]:
    begun = blake2b(f"{name}=".encode(), digest_size=8)
    hashes = bytearray()
    for value in typed.values:
        if value is None:
            hashes += bytes(8)
        else:
            one = begun.copy()
            one.update(str(value).encode())
            hashes += one.digest()
    return np.frombuffer(bytes(hashes), dtype=">u8").astype(np.uint64)


def _of_pseudonyms(typed: Typed) -> NDArray[np.uint64]:
    """A pseudonym is a hash already: its first 64 bits."""
    heads = "".join([str(value)[:16] or "0" * 16 for value in typed.values])
    return np.frombuffer(bytes.fromhex(heads), dtype=">u8").astype(np.uint64)
