"""Consents from a shop's file: its columns, its rows, what is refused and why.

Nothing here writes; what a file brings is decided against the ledger in `deciding`.
"""
