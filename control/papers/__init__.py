"""Papers for the board: made from frozen data, numbered, delivered, and drawn again byte for byte."""
