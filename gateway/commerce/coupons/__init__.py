"""Coupons: pools of codes, given one by one, and found again in orders."""

from gateway.commerce.coupons.giving import Coupons
from gateway.commerce.coupons.listening import note_coupon
from gateway.commerce.coupons.pool import Pool, parse_pools, read_codes
from gateway.commerce.coupons.redeeming import Redemption, redeem
from gateway.commerce.coupons.stock import load_codes, load_pools, put_codes, read_code_file, stock

__all__ = [
    "Coupons",
    "Pool",
    "Redemption",
    "load_codes",
    "load_pools",
    "note_coupon",
    "parse_pools",
    "put_codes",
    "read_code_file",
    "read_codes",
    "redeem",
    "stock",
]
