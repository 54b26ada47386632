"""Recording what goes over a port, redacted, and reading it again."""
