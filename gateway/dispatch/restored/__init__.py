"""A database that has gone back in time: it never sends again what was sent after it was copied."""
