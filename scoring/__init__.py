"""The scoring models of Shopbell."""
