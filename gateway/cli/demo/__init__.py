"""``shopbell demo``: broker, modems, gateway and a store on one machine, and a view of it all.

Everything in it is what a shop would have, except that the modems are simulated and the broker
lives in this process.
"""
