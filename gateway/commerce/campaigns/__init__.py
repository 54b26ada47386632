"""Campaigns: one message to many persons, from its file to the last that went out.

A file says what is to be (`Spec`); a launch freezes it with those it is about; the engine decides
for them little by little, for as long as nobody pauses or stops it.
"""

from gateway.commerce.campaigns.loading import Campaigns, load_campaigns
from gateway.commerce.campaigns.spec import PREFIX, Canary, Spec, Timing, campaign_of

__all__ = ["PREFIX", "Campaigns", "Canary", "Spec", "Timing", "campaign_of", "load_campaigns"]
