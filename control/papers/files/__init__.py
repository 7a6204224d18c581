"""A paper's files: each is drawn from the document alone, so the same document gives the same bytes."""
