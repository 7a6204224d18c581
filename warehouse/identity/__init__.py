"""How a personal identity number looks, and what is masked in any text that is kept."""
