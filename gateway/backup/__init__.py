"""Backups while the gateway runs, and what a copy must not forget when it is put back."""
