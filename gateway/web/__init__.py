"""What answers over HTTP: short links, and what serves them."""
