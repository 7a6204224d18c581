"""The audit log: who read and did what, chained by hash, and the review of it.

`event` says what an event is and how it is hashed, `log` records, `verify` finds what has been tampered with, `anchor`
writes the chain's head outside, `retention` purges by a decision, `reading` reads, `review` finds what stands out.
"""
