"""The SMS gateway of Shopbell."""
