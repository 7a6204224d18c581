"""Who is logged in and what they may: attempts, sessions and service tokens, all by hash."""
