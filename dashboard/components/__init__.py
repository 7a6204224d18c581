"""Parts of pages: frozen rows in, components out."""
