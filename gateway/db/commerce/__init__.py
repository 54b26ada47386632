"""What was decided to say to whom, and what came of it: one file for each noun."""
