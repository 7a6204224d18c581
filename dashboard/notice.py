"""The few pages that are shown to who is not logged in: plain HTML in the product's own look, without scripts."""

from __future__ import annotations

from html import escape

from flask import Response
from werkzeug.urls import iri_to_uri

_PAGE = """<!DOCTYPE html>
<html lang="sv" data-mantine-color-scheme="light">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{title} – Samkoll</title>
    <link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">
    <link rel="stylesheet" href="/assets/1-tokens.css">
    <link rel="stylesheet" href="/assets/2-page.css">
  </head>
  <body>
    <header class="top"><div class="top-inner">
      <a class="brand" href="/"><img src="/assets/favicon.svg" alt="">Samkoll</a>
    </div></header>
    <main id="main" class="page"><div class="state">
      <h1>{title}</h1>
{paragraphs}
    </div></main>
  </body>
</html>
"""


def notice(title: str, text: str, status: int, *, link: tuple[str, str] | None = None) -> Response:
    """A page with a heading, a paragraph for each line of the text and perhaps a link (words, address)."""
    paragraphs = [f"      <p>{escape(one)}</p>" for one in text.splitlines()]
    if link is not None:
        words, address = link
        paragraphs.append(f'      <p><a href="{escape(address)}">{escape(words)}</a></p>')
    content = _PAGE.format(title=escape(title), paragraphs="\n".join(paragraphs))
    return Response(content, status=status, content_type="text/html; charset=utf-8")


def sentence(words: str, status: int) -> Response:
    """An answer for what is no page: a sentence in plain text."""
    return Response(words, status=status, content_type="text/plain; charset=utf-8")


def go(address: str) -> Response:
    """Send the browser on."""
    return Response(status=302, headers={"Location": iri_to_uri(address)})
