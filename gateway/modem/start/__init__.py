"""Bringing a modem up: SIM, network, storages, announcements."""
