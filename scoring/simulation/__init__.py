"""Simulated people and logs whose every truth is known."""
