"""What somebody may like: from the models' advice, else from what is bought together."""

from gateway.commerce.recommend.choosing import for_person, next_better

__all__ = ["for_person", "next_better"]
