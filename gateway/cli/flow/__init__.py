"""``shopbell flow``: one file for each command."""
