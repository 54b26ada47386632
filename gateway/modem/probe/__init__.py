"""Finding out all about one stick, for ``shopbell modem probe``."""
