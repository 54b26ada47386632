"""What the simulated sticks do, one TOML file each, with the evidence; data alone.

What the keys mean stands in `hardware.simulator.personality`.
"""
