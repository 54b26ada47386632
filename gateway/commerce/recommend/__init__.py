"""What somebody may like: from the models' advice, else from what is bought together."""

from gateway.commerce.recommend.choosing import Recommender, for_person, next_better

__all__ = ["Recommender", "for_person", "next_better"]
