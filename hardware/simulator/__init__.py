"""The simulated modem bank: the other end of the cable."""
