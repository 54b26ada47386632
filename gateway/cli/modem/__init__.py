"""``shopbell modem``: what an operator asks of one stick; a file for each command."""
