"""Who asks, and whether they may: cookies, tokens, the same site, headers."""
