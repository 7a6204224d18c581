"""Closing periods and releasing what may be known of them.

`due` says which values a closing releases, `counts` what they are, `layout` how their counts hang together, `ledger`
what has been shown and hidden before, `decide` which of them are shown, `closing` does it all in one transaction.
"""
