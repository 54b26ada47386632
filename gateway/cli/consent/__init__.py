"""``shopbell consent``: the ledger of what persons allow."""
