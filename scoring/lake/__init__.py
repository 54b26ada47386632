"""The lake at the door: its files as tables, checked before anything is computed from them."""

from scoring.lake.lake import Lake

__all__ = ["Lake"]
