"""The bundle of plotly.js that the pages load: of the installed version, and with every trace that figures draw."""

from __future__ import annotations

import ast
import json
import re

from plotly.offline import get_plotlyjs_version

from warehouse.settings import ROOT

BUNDLE = ROOT / "dashboard" / "plotly_bundle"
TRACES = {"scatter", "bar", "heatmap", "sankey"}
"""What the bundle has; scatter is in its core."""
REBUILD = "see dashboard/plotly_bundle/README.md"


def drawn() -> set[str]:
    """The traces that the code names as the "type" of a dict."""
    traces = TRACES | {"box", "violin", "histogram", "pie", "indicator", "contour", "treemap", "funnel", "icicle"}
    found = set()
    for path in (ROOT / "dashboard").rglob("*.py"):
        for one in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(one, ast.Dict):
                pairs = zip(one.keys, one.values, strict=True)
                found |= {
                    value.value for key, value in pairs
                    if isinstance(key, ast.Constant) and key.value == "type"
                    and isinstance(value, ast.Constant) and value.value in traces
                }  # fmt: skip
    return found


def test_it_has_every_trace_that_a_figure_draws() -> None:
    missing = drawn() - TRACES
    assert not missing, f"{missing} is drawn but not in the bundle: add it to entry.cjs, {REBUILD}"
    assert "scatter" in drawn()
    entry = (BUNDLE / "entry.cjs").read_text("utf-8")
    assert set(re.findall(r"plotly\.js/lib/(\w+)\"", entry)) | {"scatter"} == TRACES | {"core"}
    assert "plotly.js/lib/locales/sv" in entry
    script = (BUNDLE / "plotly.min.js").read_text("utf-8")
    assert {one for one in TRACES if f'moduleType:"trace",name:"{one}"' not in script} == set()
    assert "Dubbelklicka" in script


def test_it_is_of_the_installed_version() -> None:
    installed = get_plotlyjs_version()
    (bundled,) = re.findall(r"plotly\.js v([\d.]+),", (BUNDLE / "plotly.min.js").read_text("utf-8")[:200])
    assert bundled == installed, f"plotly.js {bundled} is bundled, the package plotly has {installed}: {REBUILD}"
    asked = json.loads((BUNDLE / "package.json").read_text("utf-8"))["dependencies"]["plotly.js"]
    assert asked == installed, f"package.json asks for {asked}: {REBUILD}"


def test_the_licences_of_everything_in_it_stand_beside_it() -> None:
    told = (BUNDLE / "LICENCES.txt").read_text("utf-8")
    assert "plotly.js 4" in told
    assert set(re.findall(r"^[\w@/.-]+ \d[\w.-]* \((.+)\)$", told, re.M)) <= {"MIT", "ISC", "BSD-3-Clause", "Zlib"}
