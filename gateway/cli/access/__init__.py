"""``shopbell user``, ``shopbell token`` and ``shopbell audit``: who may look and act."""
