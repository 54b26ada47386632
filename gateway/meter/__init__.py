"""What is counted and timed while the gateway works, for metrics, alarms and pictures."""
