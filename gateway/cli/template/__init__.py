"""``shopbell template``: one file for each command."""
