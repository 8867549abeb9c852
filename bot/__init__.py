"""Who talks to whom, when: channels, the turn, languages, the digest and the staff console."""
