"""What a person's message asks for: stop, start, help or yes (COMPLIANCE section 5). Pure."""

from gateway.consent.keywords.intent import Certainty, Intent, IntentKind
from gateway.consent.keywords.reading import read_intent

__all__ = ["Certainty", "Intent", "IntentKind", "read_intent"]
