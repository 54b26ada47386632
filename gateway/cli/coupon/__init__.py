"""``shopbell coupon``: the codes of a store."""
