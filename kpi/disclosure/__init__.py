"""What may be shown outside a board, so that no hidden count can be worked out. Pure: tables in, decisions out.

`docs/disclosure.md` says what is guaranteed and what is not.
"""
