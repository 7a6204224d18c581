"""The contract's rules for a row: from text to typed values, and every problem with its sentence."""
