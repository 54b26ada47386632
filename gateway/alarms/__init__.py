"""What is wrong, who is told of it and how; messages between own lines that show it early."""
