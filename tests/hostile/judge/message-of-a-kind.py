"""Raise an exception whose message is a text of another kind."""
# must: double failed
# says: \(its message is not a str\)
# spares: the grades, the terminal


class Text(str):
    def __getitem__(self, index):
        return "\x1b[2J passed"


class Odd(Exception):
    def __str__(self):
        return Text("x")


def double(x):
    raise Odd
