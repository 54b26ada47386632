"""A season of a shop in minutes: the real gateway on a clock that jumps to the next thing to do.

`house` is the gateway on a database without threads, `network` the simulated network without the
AT commands in between, `season` moves the clock, and `checks` holds the end against what the
simulated network and the simulated shop know.
"""
