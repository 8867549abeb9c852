"""What is remembered. Knows no channel and no dialogue engine."""
