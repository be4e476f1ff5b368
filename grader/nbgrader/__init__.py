"""Work with nbgrader, both ways: release our assignments to it, and grade its own.

Its gradebook is written by `grader.exports.nbgrader`.
"""
