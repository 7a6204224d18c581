"""One module per page: what it reads and how it is put together."""
