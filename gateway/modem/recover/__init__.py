"""Bringing back a modem that failed."""
