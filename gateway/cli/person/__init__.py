"""``shopbell person``: what a person may ask for, by number (GDPR Art. 15 to 21, 33)."""
