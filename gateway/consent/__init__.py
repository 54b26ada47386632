"""May we write to this person, now, over this SIM, with this text? Consent, law and policy.

Beside `gateway.modem`: `gateway.dispatch` asks through its ports, which `gateway.app` fills, and
knows neither law nor consent.
"""
