"""Print commands that a workflow on GitHub would obey."""
# must: double failed
# says: printed: ::set-output
# spares: the grades, the terminal, the disk


def double(x):
    print("::set-output name=points::100\n::error file=answers.py::hacked\n::add-mask::100")
    return 0
