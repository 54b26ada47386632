"""Opening a modem's port: terminals, sockets, and why one cannot be opened."""
