"""What to show a person: "buy again" from what she bought, "new for you" from what others did.

The two are kept apart, since they are different questions: own repeats beat every model at what
somebody buys next, and say nothing of what is new.
"""

from scoring.recommend.again import BuyAgain
from scoring.recommend.base import Recommender
from scoring.recommend.choice import choose_penalty
from scoring.recommend.cosine import CosineRecommender
from scoring.recommend.ease import EASERecommender
from scoring.recommend.lists import recommend
from scoring.recommend.popular import PopularRecommender
from scoring.recommend.purchases import Purchases, read_purchases
from scoring.recommend.svd import SVDRecommender

__all__ = [
    "BuyAgain",
    "CosineRecommender",
    "EASERecommender",
    "PopularRecommender",
    "Purchases",
    "Recommender",
    "SVDRecommender",
    "choose_penalty",
    "read_purchases",
    "recommend",
]
