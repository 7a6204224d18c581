"""The seven source systems, a module each: how canonical rows look in that system's own exports.

The planning support has three exports and a module for each. Every module has `FILE` (how its files' names begin) and
`write`; what turns canonical rows into the system's words is pure. Blemishes are the bad rows that real exports hold;
they are added beside the true rows, never instead of them.
"""
