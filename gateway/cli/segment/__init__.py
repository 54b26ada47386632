"""``shopbell segment``: who a shop's segments name, without any number."""
