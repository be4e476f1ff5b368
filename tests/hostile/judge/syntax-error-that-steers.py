"""Fail to parse, with a line that holds what steers a terminal."""
# must: double failed
# says: answers.py
# spares: the grades, the terminal

exec("x = = '\x1b[2J\x07'")
