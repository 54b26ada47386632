"""Short links: where they may lead, what stands in the text, and who opened them."""

from gateway.commerce.links.shortener import LIFE, Shortener
from gateway.commerce.links.target import target_of

__all__ = ["LIFE", "Shortener", "target_of"]
