"""Legal grounds and recipients, in the words that records and exports show."""

from __future__ import annotations

from typing import Final

CONTRACT: Final = "Art. 6(1)(b): the person's order or request"
ORDERED: Final = "Art. 6(1)(b) for service messages, Art. 6(1)(a) consent for marketing"
CONSENTED: Final = "Art. 6(1)(a): consent to profiling or to marketing of this kind"
DUTY: Final = "Art. 6(1)(c): to be able to show and to honour consent, objection and erasure"
INTEREST: Final = "Art. 6(1)(f), with the right to object (Art. 21(2))"
SAFETY: Final = "Art. 6(1)(f): to find faults"

STORE: Final = "the store"
NETWORK: Final = "the mobile network, to deliver it"
CARRIER: Final = "the carrier, where one is configured for the route"
BROKER: Final = "the MQTT broker, in passing"
ANALYST: Final = "the store's analysts, under a pseudonym"
