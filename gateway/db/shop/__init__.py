"""What stores told of their shops, and what is read of it: one file for each noun."""
