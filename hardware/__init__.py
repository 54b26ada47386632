"""The hardware side: modem profiles and the simulator."""
