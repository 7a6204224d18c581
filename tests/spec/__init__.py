"""What the key figures mean."""
