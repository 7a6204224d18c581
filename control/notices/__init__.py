"""What the board has decided, and what is due, told to its administration. Never about a person."""
