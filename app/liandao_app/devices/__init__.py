"""What is plugged in at the counter. Each device: a pure part, and one that touches Qt."""
