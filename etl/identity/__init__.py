"""Personal identity numbers: checked, and turned into pseudonyms. How they look is `warehouse.identity`'s."""
