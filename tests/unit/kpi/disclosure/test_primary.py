"""Release classes: what of a share is hidden before any attack."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.disclosure.primary import HIDE_UP_TO, Piece, ReleaseClass, Share, withheld

PIECES = {"n": Piece.NUMERATOR, "c": Piece.COMPLEMENT, "d": Piece.DENOMINATOR}


@pytest.mark.parametrize(
    ("release_class", "numerator", "denominator", "primary", "together"),
    [
        ("open", 0, 0, "", ""),
        ("open", 1, 3, "", ""),
        ("process", 0, 0, "d", "nc"),
        ("process", 3, 4, "d", "nc"),
        ("process", 0, 5, "", ""),
        ("process", 1, 40, "", ""),
        ("person", 0, 0, "ncd", ""),
        ("person", 2, 4, "ncd", ""),
        ("person", 4, 40, "n", "cd"),
        ("person", 36, 40, "c", "nd"),
        ("person", 4, 8, "nc", "d"),
        ("person", 5, 10, "", ""),
        ("person", 40, 40, "c", "nd"),
    ],
)
def test_by_class(release_class: str, numerator: int, denominator: int, primary: str, together: str) -> None:
    found = withheld(ReleaseClass(release_class), {"x": Share(numerator, denominator)})
    assert found.primary == {("x", PIECES[letter]) for letter in primary}
    assert found.together == {("x", PIECES[letter]) for letter in together}


shares = st.integers(0, 12).flatmap(lambda most: st.builds(Share, st.integers(0, most), st.just(most)))


@given(st.dictionaries(st.sampled_from("abcdef"), shares))
def test_a_share_is_hidden_whole_or_not_at_all_and_person_hides_most(table: dict[str, Share]) -> None:
    hidden = {one: withheld(one, table).all for one in ReleaseClass}
    assert hidden[ReleaseClass.OPEN] == set()
    assert hidden[ReleaseClass.PROCESS] <= hidden[ReleaseClass.PERSON]
    for cells in hidden.values():
        assert cells == {(id_, piece) for id_, _ in cells for piece in Piece}
    for id_, share in table.items():
        if (id_, Piece.DENOMINATOR) not in hidden[ReleaseClass.PERSON]:
            assert all(share.count(piece) > HIDE_UP_TO for piece in Piece)


def test_what_is_no_share_is_refused() -> None:
    for numerator, denominator in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="is no share"):
            Share(numerator, denominator)
