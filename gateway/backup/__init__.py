"""Backups while the gateway runs, and how a restored copy is kept from sending again."""
