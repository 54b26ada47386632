"""The gateway's vocabulary: values, states, errors and the clock. It imports nothing of the house.

Modules are imported by name (``from gateway.domain.states import JobState``).
"""
