"""The proof: a bot that is killed again and again while people talk to it loses nothing and doubles nothing."""
