"""The database: the delivery contract, its tables, engines and sessions. No domain rules."""
