"""What comes in: announced, read, handed over, deleted."""
