"""What every spec test stands on."""

from __future__ import annotations

import pytest

from kpi.definition import Catalogue
from kpi.loader import load_catalogue
from warehouse.settings import ROOT


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped definitions."""
    return load_catalogue(ROOT / "kpi_definitions.yaml")
