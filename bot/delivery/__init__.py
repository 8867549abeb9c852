"""Delivery: the outbox to one channel, in order, within its limits, and what became of each message."""
