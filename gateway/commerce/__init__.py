"""What to say, to whom, when and why: the e-commerce half of the gateway.

From the events of a shop come its persons, orders and products (`shop`); from those, segments, and
what is recommended. Flows and campaigns decide (`deciding`) who gets what, word it (`templates`,
`links`, `coupons`), and hand it to the one admission there is. What it was worth is `report`'s.
"""
