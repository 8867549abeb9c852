"""What a check-in is: scripts, sessions and the engine that plays one on the other.

This room is pure: no I/O beyond reading the text of a script, no clock, no language, no channel.
"""
