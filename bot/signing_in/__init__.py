"""Signing in: how members of staff prove who they are, and for how long that holds. No passwords."""
