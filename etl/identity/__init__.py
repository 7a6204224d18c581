"""Personal identity numbers: found in any spelling, masked, checked, and turned into pseudonyms."""
