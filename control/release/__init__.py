"""Closing periods and releasing what may be known of them.

`rule` says which periods a board closes, `due` which values a closing releases, `gather` collects them, `counts` says
what they are, `layout` how their counts hang together, `decide` which of
them are shown, and `closing` does it all in one transaction.
"""
