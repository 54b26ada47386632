"""``shopbell store``: which stores there are, and what the broker knows them by."""
