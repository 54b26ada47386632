"""What answers over HTTP: short links."""
