"""A document as one HTML page: headings, tables with captions and scopes, charts as pictures with their words. It holds
its own style and no script, and fetches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from control.papers.content import Block, Cell, Chart, Document, Items, Paragraph, Section, Table
from control.papers.files import words
from control.papers.files.chart import svg_of

_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 52rem; padding: 1.5rem; background: #fff; color: #22211e; line-height: 1.55;
  font-family: Inter, "Segoe UI", system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
h3 { font-size: 1.05rem; margin-top: 1.6rem; }
.top { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 1rem; border-bottom: 2px solid #55534c;
  padding-bottom: .8rem; }
.top p, .facts dd, .facts dt { margin: 0; } .mark { font-weight: 600; color: #a3480f; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } .facts dt { color: #55534c; }
.box { overflow-x: auto; margin: 1.2rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid #c9c5b8;
  overflow-wrap: break-word; } td.num { white-space: nowrap; }
thead th { vertical-align: bottom; border-bottom: 2px solid #55534c; } tbody th { font-weight: 400; }
.num { text-align: right; font-variant-numeric: tabular-nums; } small { display: block; color: #55534c; }
figure { margin: 1.2rem 0; } figure svg { width: 100%; min-width: 32rem; height: auto; }
figcaption { font-weight: 600; }
.annex { border-top: 2px solid #55534c; margin-top: 3rem; padding-top: .5rem; } .annex > h2 { font-size: 1.4rem; }
footer { margin-top: 3rem; border-top: 1px solid #c9c5b8; padding-top: .6rem; color: #55534c; font-size: .85rem; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } .annex { break-before: page; }
  h2, h3, caption { break-after: avoid; } tr, figure { break-inside: avoid; } .box { overflow: visible; }
  thead { display: table-header-group; } }
"""


def html_of(document: Document) -> bytes:
    """The file."""
    head = document.head
    lines = [
        "<!DOCTYPE html>",
        '<html lang="sv">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(document.title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<header>",
        '<div class="top">',
        f"<p><strong>{escape(head.municipality)}</strong><br>{escape(head.board)}</p>",
        f"<p>{escape(words.kind_words(document))}{_mark(document)}</p>",
        "</div>",
        "</header>",
        "<main>",
        f"<h1>{escape(document.title)}</h1>",
        *_facts(document),
        *_body(document),
        "</main>",
        f"<footer>{escape(words.foot(document))}{_mark(document)}</footer>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _mark(document: Document) -> str:
    mark = words.marks(document)
    return f' <span class="mark">{escape(mark)}</span>' if mark else ""


def _facts(document: Document) -> Iterator[str]:
    yield '<dl class="facts">'
    for label, told in words.head_facts(document):
        yield f"<dt>{escape(label)}</dt><dd>{escape(told)}</dd>"
    yield "</dl>"
    if document.head.is_synthetic:
        yield f"<p><strong>{escape(words.SYNTHETIC_HELP)}</strong></p>"


def _body(document: Document) -> Iterator[str]:
    if document.decisions:
        yield f"<h2>{words.PROPOSAL}</h2>"
        lead = escape(words.decision_lead(document))
        if len(document.decisions) == 1:
            yield f"<p>{lead} {escape(document.decisions[0])}.</p>"
        else:
            yield f"<p>{lead}</p>"
            yield _list((f"{one}{'.' if one is document.decisions[-1] else ','}" for one in document.decisions), "ol")
        yield f"<h2>{words.SUMMARY}</h2>"
    for block in document.summary:
        yield from _block(block)
    for section in document.sections:
        yield from _section(section, 2)
    if document.annexes:
        yield f"<h2>{words.PAPERS}</h2>"
        yield _list(words.annex_titles(document), "ul")
    if document.copies_to:
        yield f"<h2>{words.COPIES}</h2>"
        yield _list(document.copies_to, "ul")
    for title, annex in zip(words.annex_titles(document), document.annexes, strict=True):
        yield '<section class="annex">'
        yield f"<h2>{escape(title)}</h2>"
        for section in annex.sections:
            yield from _section(section, 3)
        yield "</section>"


def _section(section: Section, depth: int) -> Iterator[str]:
    yield f"<h{depth}>{escape(section.heading)}</h{depth}>"
    for block in section.blocks:
        yield from _block(block)
    for part in section.parts:
        yield from _section(part, depth + 1)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            told = escape(block.text)
            yield f"<p><strong>{told}</strong></p>" if block.is_strong else f"<p>{told}</p>"
        case Items():
            yield _list(block.items, "ul")
        case Table():
            yield from _table(block)
        case Chart():
            picture = svg_of(block).replace("<svg ", f'<svg role="img" aria-label="{escape(block.alt)}" ', 1)
            title = escape(block.title)
            yield f"<figure><figcaption>{title}</figcaption>{_box(title)}{picture}</div></figure>"


def _list(items: Iterable[str], kind: str) -> str:
    return f"<{kind}>{''.join(f'<li>{escape(one)}</li>' for one in items)}</{kind}>"


def _table(table: Table) -> Iterator[str]:
    caption = escape(table.caption)
    yield f"{_box(caption)}<table><caption>{caption}</caption>"
    heads = (f'<th scope="col"{_class(column.is_number)}>{escape(column.heading)}</th>' for column in table.columns)
    yield f"<thead><tr>{''.join(heads)}</tr></thead><tbody>"
    for row in table.rows:
        first = f'<th scope="row">{_cell(row[0])}</th>'
        rest = (
            f"<td{_class(column.is_number)}>{_cell(cell)}</td>"
            for cell, column in zip(row[1:], table.columns[1:], strict=True)
        )
        yield f"<tr>{first}{''.join(rest)}</tr>"
    yield "</tbody></table></div>"


def _box(name: str) -> str:
    """Around what may be wider than the window: it scrolls alone, with the keyboard too."""
    return f'<div class="box" tabindex="0" role="region" aria-label="{name}">'


def _class(is_number: bool) -> str:
    return ' class="num"' if is_number else ""


def _cell(cell: Cell) -> str:
    below = f"<small>{escape(cell.below)}</small>" if cell.below else ""
    return f"{escape(cell.text)}{below}"
