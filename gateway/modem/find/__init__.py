"""Finding sticks by themselves (``port = "auto"``), and which of their ports to use."""
