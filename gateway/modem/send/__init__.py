"""Handing messages to the network."""
