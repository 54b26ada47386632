"""What messages were worth: what they brought in, what they cost, and what would have come anyway.

What is attributed to a message (`attribution`) is an account, not an effect: who gets a message may
have bought without it. The effect is the lift over those who were left alone (`lift`), and stands
beside it always.
"""
