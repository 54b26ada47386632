"""One decision about one person: which arm, in which words, and into the queue with it.

Flows and campaigns ask for decisions; here they are made, in one transaction with the job, the
coupon and the links that follow, so that all of it stands or falls together.
"""

from gateway.commerce.deciding.decide import Decider, job_of
from gateway.commerce.deciding.occasion import Message, Occasion, Subject, Tracking
from gateway.commerce.deciding.ports import Shop
from gateway.commerce.deciding.words import Voice

__all__ = [
    "Decider",
    "Message",
    "Occasion",
    "Shop",
    "Subject",
    "Tracking",
    "Voice",
    "job_of",
]
