"""Kept bytes: compressed, then encrypted with AES-256-GCM in chunks, each bound to its delivery and place.

NIST SP 800-38D: 96-bit nonces, random and never reused under a key by chance; the associated data names delivery, chunk
number and number of chunks, so that chunks cannot be moved, dropped or swapped unnoticed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from warehouse.errors import UserError

CHUNK_BYTES = 4 * 1024 * 1024
_NONCE_BYTES = 12


class Vault:
    """Seals and opens deliveries' bytes under one key (any text of 32 characters or more)."""

    def __init__(self, key: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"samkoll delivery bytes").derive(key.encode())
        self._cipher = AESGCM(derived)

    def seal(self, content: bytes, delivery_id: int) -> Iterator[bytes]:
        """The content as encrypted chunks, in order; at least one."""
        packed = memoryview(_packed(content))
        count = max(1, -(-len(packed) // CHUNK_BYTES))
        for number in range(count):
            nonce = os.urandom(_NONCE_BYTES)
            piece = packed[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES]
            yield nonce + self._cipher.encrypt(nonce, piece, _bound(delivery_id, number, count))

    def open(self, chunks: list[bytes], delivery_id: int) -> bytes:
        """The content of a delivery's chunks in order; UserError when the key is another or a chunk was changed."""
        pieces = []
        for number, chunk in enumerate(chunks):
            nonce, sealed = chunk[:_NONCE_BYTES], chunk[_NONCE_BYTES:]
            try:
                pieces.append(self._cipher.decrypt(nonce, sealed, _bound(delivery_id, number, len(chunks))))
            except InvalidTag as error:
                raise UserError(
                    f"De sparade byten för leverans {delivery_id} går inte att läsa: nyckeln är en annan än när "
                    "leveransen togs emot, eller så har byten ändrats. Ange den ursprungliga nyckeln i "
                    "SAMKOLL_ENCRYPTION_KEY."
                ) from error
        return _unpacked(b"".join(pieces))


def _bound(delivery_id: int, number: int, count: int) -> bytes:
    return f"{delivery_id}/{number}/{count}".encode()


def _packed(content: bytes) -> bytes:
    squeezed: bytes = pa.Codec("zstd", compression_level=1).compress(content, asbytes=True)
    return len(content).to_bytes(8, "big") + squeezed


def _unpacked(packed: bytes) -> bytes:
    size = int.from_bytes(packed[:8], "big")
    content: bytes = pa.Codec("zstd").decompress(packed[8:], decompressed_size=size, asbytes=True)
    return content
