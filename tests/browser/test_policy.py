"""The content security policy in a real browser: what is not ours is refused, and the tests notice it."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

_BY_SCRIPT = """() => { const made = document.createElement('style');
  made.textContent = '#main { color: rgb(1, 2, 3) }';
  document.head.append(made); return getComputedStyle(document.getElementById('main')).color }"""
ATTACKS = {
    "a script in line": (
        "() => { const one = document.createElement('script'); one.text = 'hurt = 1'; document.body.append(one) }",
        "script-src-elem inline",
    ),
    "a handler in markup": (
        "() => { document.getElementById('main').innerHTML = '<img src=/assets/favicon.svg onload=window.hurt=1>' }",
        "script-src-attr inline",
    ),
    "text run as a program": ("() => { setTimeout('window.hurt = 1') }", "script-src eval"),
    "a style in markup": (
        "() => { document.getElementById('main').innerHTML = '<p style=color:red>x</p>' }",
        "style-src-attr inline",
    ),
    "a style element in markup": (
        "() => { document.getElementById('main').innerHTML = '<style>p { color: red }</style>' }",
        "style-src-elem inline",
    ),
    "a picture from elsewhere": (
        "() => { const one = new Image(); one.src = 'http://127.0.0.2:9/x.png'; document.body.append(one) }",
        "img-src http://127.0.0.2:9/x.png",
    ),
    "a call elsewhere": ("() => fetch('http://127.0.0.2:9/').catch(() => 0)", "connect-src http://127.0.0.2:9/"),
}


def test_what_is_not_ours_is_refused_and_noticed(visit: Open) -> None:
    window = visit()
    page = window.open("/leveranser")
    assert window.violations == []
    assert page.evaluate(_BY_SCRIPT) == "rgb(1, 2, 3)"  # the libraries' way still works
    assert window.violations == []
    for name, (attack, noticed) in ATTACKS.items():
        page.evaluate(attack)
        page.wait_for_timeout(100)
        assert any(words.startswith(noticed) for words in window.violations), (name, window.violations)
        window.violations.clear()
    assert page.evaluate("window.hurt") is None
