"""The dialogue with a modem: who may write, what answers what, and how long it may take."""
