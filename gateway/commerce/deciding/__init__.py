"""One decision about one person: which arm, in which words, and into the queue with it.

Flows and campaigns ask for decisions; here they are made, in one transaction with the job, the
coupon and the links that follow, so that all of it stands or falls together.
"""

from gateway.commerce.deciding.occasion import Message, Occasion, Subject, Tracking

__all__ = ["Message", "Occasion", "Subject", "Tracking"]
