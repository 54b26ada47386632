"""The scoring models of Shopbell: who will leave, what they are worth, and when to write to them.

They read the lake (`scoring.schema`) and nothing else, and give tables of advice.
"""
