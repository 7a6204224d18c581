"""Pseudonyms are HMAC-SHA256 as the standard library makes it, and never join what must stay apart."""

from __future__ import annotations

import hmac

from hypothesis import given
from hypothesis import strategies as st

from etl.identity.pseudonym import Pseudonymiser

NUMBER = "189508029817"


@given(st.text(min_size=32, max_size=90), st.text(max_size=10))
def test_is_hmac_of_municipality_board_and_number(key: str, board: str) -> None:
    maker = Pseudonymiser(key, board=board, source="a")
    expected = hmac.new(key.encode(), f"1287|{board}|{NUMBER}".encode(), "sha256").hexdigest()
    assert maker.of_numbers("1287", [NUMBER]) == [expected]


def test_municipality_board_source_and_key_keep_people_apart() -> None:
    key = "k" * 32
    maker = Pseudonymiser(key, board="social", source="a")
    made = {
        *maker.of_numbers("1287", [NUMBER]),
        *maker.of_numbers("1263", [NUMBER]),
        *maker.of_local_ids("1287", [NUMBER]),
        *Pseudonymiser(key, board="social", source="b").of_local_ids("1287", [NUMBER]),
        *Pseudonymiser(key, board="skola", source="a").of_numbers("1287", [NUMBER]),
        *Pseudonymiser("l" * 32, board="social", source="a").of_numbers("1287", [NUMBER]),
    }
    assert len(made) == 6
