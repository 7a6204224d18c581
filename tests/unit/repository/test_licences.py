"""Everything that is installed with the product may be used by a municipality, and says so in its own metadata."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageMetadata, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "PSF-2.0", "Zlib",
    "LGPL-3.0-only",  # psycopg: used as it is, replaceable, and the product's own code stays its own
    "MPL-2.0",  # certifi: a list of certificates, unchanged
}  # fmt: skip
_SPDX = {
    "Apache 2": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""What is written by hand, and by the older classifiers → the SPDX name."""


def installed_with(name: str) -> dict[str, Distribution]:
    """The distributions that a distribution needs here, by name, itself left out."""
    found: dict[str, Distribution] = {}
    waiting = [(name, "")]
    seen = set()
    while waiting:
        one, extra = waiting.pop()
        if (one, extra) in seen:
            continue
        seen.add((one, extra))
        found[one] = distribution(one)
        for text in found[one].requires or []:
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(needed.name), each) for each in ["", *needed.extras]]
    return {one: each for one, each in found.items() if one != name}


def licences(metadata: PackageMetadata) -> set[str]:
    """Every licence that has to be kept to; empty when the metadata tells none. Of alternatives the first allowed."""
    classifiers = [line for line in metadata.get_all("Classifier") or [] if line.startswith("License ::")]
    told = metadata.get("License-Expression") or metadata.get("License") or ""
    if not told or "\n" in told.strip() or len(told) > 80:  # the licence's whole text
        told = " AND ".join(line.rsplit(" :: ", 1)[-1] for line in classifiers)
    found = set()
    for part in re.split(r"\s+AND\s+", told.strip()):
        names = [
            _SPDX.get(name.strip("() "), name.strip("() ")) for name in re.split(r"\s+OR\s+", _SPDX.get(part, part))
        ]
        found.add(next((name for name in names if name in ALLOWED), names[0]))
    return found - {""}


def test_every_dependency_has_a_licence_that_is_allowed() -> None:
    found = {name: licences(each.metadata) for name, each in installed_with("samkoll").items()}
    assert len(found) > 40
    wrong = {name: sorted(told) or "unknown" for name, told in found.items() if not told or told - ALLOWED}
    assert wrong == {}


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"License-Expression": "GPL-3.0-or-later"}, {"GPL-3.0-or-later"}),
        ({"License-Expression": "MIT AND AGPL-3.0-only"}, {"MIT", "AGPL-3.0-only"}),
        ({"License-Expression": "GPL-2.0-only OR MIT"}, {"MIT"}),
        ({"License-Expression": "MIT AND (Apache-2.0 OR GPL-3.0-only)"}, {"MIT", "Apache-2.0"}),
        ({"License": "Proprietary"}, {"Proprietary"}),
        ({"License": "Long text\nof a licence", "Classifier": "License :: OSI Approved :: MIT License"}, {"MIT"}),
        ({"Classifier": "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"},
         {"GNU General Public License v3 (GPLv3"}),
        ({}, set()),
    ],
)  # fmt: skip
def test_another_licence_is_seen(headers: dict[str, str], told: set[str]) -> None:
    from email.message import Message

    metadata = Message()
    for name, value in headers.items():
        metadata[name] = value
    assert licences(metadata) == told  # type: ignore[arg-type]  # importlib.metadata's are messages too
