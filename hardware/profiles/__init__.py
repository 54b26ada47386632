"""What is known of the sticks that people have: one TOML file each, data alone.

`gateway.modem.known.profile` says what the keys mean. The simulator does not read them: how a
simulated stick behaves is written down apart, so that driver and simulator cannot share a mistake.
"""
