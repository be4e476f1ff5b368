"""The same ten tests and the same class, graded by us and by others, in one run.

`description` says once what the assignment and the class are. `ours`, `notebooks`,
`processes` and `together` lay them out as each grader wants them, `running` lets the
graders run in turn, and `table` says what came of it.
"""
