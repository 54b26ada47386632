"""``shopbell alarms``: what is wrong, and who is told."""
