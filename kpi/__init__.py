"""The core: what a key figure means, how it is computed, and who may read it."""
