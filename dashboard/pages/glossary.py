"""Ordlista: what the interface's words mean."""

from __future__ import annotations

from dash import html

from dashboard.components.head import page_head
from dashboard.context import Context, Page
from dashboard.terms import TERMS, anchor


def page(_context: Context) -> Page:
    """Every term. For every reader."""
    terms = [
        html.Div([html.Dt(term, id=f"ord-{anchor(term)}"), html.Dd(meaning)], className="term")
        for term, meaning in TERMS
    ]
    return Page("Ordlista", [page_head("Ordlista"), html.Dl(terms, className="terms panel")])
