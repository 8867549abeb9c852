"""Telegram from end to end on loopback: a strict stand-in for it here, and the service in a process of its own."""
