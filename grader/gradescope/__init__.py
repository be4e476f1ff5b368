"""An autograder for Gradescope: the zip that it takes, and what runs there.

In the zip are this very grader as a wheel, one assignment with its hidden tests,
and two scripts. Gradescope runs `setup.sh` once, and `run_autograder` for each
submission; whatever happens then, a results.json says what.
"""
