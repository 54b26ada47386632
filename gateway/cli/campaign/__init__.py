"""``shopbell campaign``: one file for each command."""
