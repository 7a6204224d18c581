"""After login a reader stays on our pages, however the address was made."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.login.destination import local_path, login_address


@pytest.mark.parametrize(
    "path", ["/", "/nyckeltal", "/nyckeltal/sip?enhet=1287-SN&manad=2025-03", "/jamforelse/å", "/a//b", "/logga"]
)
def test_our_own_pages_are_kept(path: str) -> None:
    assert local_path(path) == path
    assert parse_qs(urlsplit(login_address(path)).query) == {"till": [path]}


@pytest.mark.parametrize(
    "foreign",
    [
        None, "", "nyckeltal", "https://elak.example", "//elak.example", "///elak.example", "/\\elak.example",
        "\\\\elak.example", "/\t/elak.example", "/\n/elak.example", "\t//elak.example", " //elak.example",
        "javascript:alert(1)", "/\x00", "/\x85/elak", "http:/elak", "https:elak", "/logga-in", "/logga-in/svar?code=1",
        "/logga-ut", "/utloggad", "/_dash-layout", "/api/nyckeltal", "/" + "x" * 3000, "//[", "/ /elak.example",
    ],
)  # fmt: skip
def test_anything_else_leads_home(foreign: str | None) -> None:
    assert local_path(foreign) == "/"


@given(st.text(alphabet="/\\:.@?#%ea\t\n \u2028x", max_size=12))
def test_a_browser_stays_whatever_is_written(text: str) -> None:
    found = local_path(text)
    assert found.startswith("/")
    assert not found.startswith("//")
    assert "\\" not in found
    assert urlsplit("https://samkoll.example" + found).netloc == "samkoll.example"


@pytest.mark.parametrize(
    "named",
    ["/nyckeltal?q=20120101-1234", "/nyckeltal?q=20120101%2D1234", "/underlag?q=kim%40exempel.se", "/?q=0701234567"],
)
def test_an_address_that_names_somebody_is_not_kept(named: str) -> None:
    assert local_path(named) == "/"
