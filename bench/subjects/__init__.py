"""What can be measured, one subject a file; each returns figures."""
