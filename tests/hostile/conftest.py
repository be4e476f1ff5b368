"""The assignment that is attacked is graded by the grader, not collected here."""

collect_ignore = ["course"]
