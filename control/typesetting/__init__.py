"""Papers set by typst: our own fonts, tagged for screen readers, the same bytes for the same content."""
