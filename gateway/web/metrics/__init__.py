"""``/metrics``, ``/healthz`` and ``/readyz``."""
