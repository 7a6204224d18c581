"""The benchmark of computing, small: it fails on values that differ, never on time."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import compute, plain_page, protect
from benchmarks.measures import measured
from benchmarks.prepared import warehouse
from tests.builders.dash_calls import post


@pytest.mark.slow
def test_the_product_and_the_statements_by_hand_give_the_same_values(tmp_path: Path) -> None:
    with warehouse(2000, "sqlite", tmp_path) as address:
        result = compute.measure(address, 1, measured, is_short=True)
        plain = post(plain_page.make(address, "1287-SN").server.test_client(), "main.children", ["/"])
    assert result["cells"] > 10_000
    assert list(compute.judged(result))
    assert plain.text.count('"Tr"') > 20
    assert plain.text.count('"Graph"') == 4


def test_a_value_that_differs_is_told() -> None:
    key = ("sip_established", "1287", 202501, "")
    with pytest.raises(SystemExit, match="sip_established"):
        compute.check_equal({key: (2, 5.0, None, 5, 1, 5.0)}, {key: (2, 5.0, None, 5, 1, 6.0)})
    with pytest.raises(SystemExit, match="sip_established"):
        compute.check_equal({key: (2, 5.0, None, 5, 1, 5.0)}, {})


def test_the_benchmark_of_protecting_tells_what_was_hidden() -> None:
    told = protect.measure("300: units × months", 6.0, 1)
    assert "286 cells" in told
    assert "hidden" in told
