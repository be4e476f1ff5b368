# `make demo` and `make test` do all the set-up they need.

PYTHON ?= python3
BASE := .venv
FULL := .venv-full
BENCH := .venv-bench

.PHONY: demo test hostile lint bench overhead clean

demo: $(BASE)/.installed  ## grade the example class on the shipped digits
	@$(BASE)/bin/grader demo

test: $(FULL)/.installed  ## everything installed, all tests, two files at once
	$(FULL)/bin/python -m pytest -n 2 --dist loadfile

hostile: $(FULL)/.installed  ## every attack on the grader, in every tier, and the fuzzers
	HOSTILE=all $(FULL)/bin/python -m pytest tests/test_hostile*.py
	$(FULL)/bin/python -m tests.hostile.fuzz --seconds 60

lint: $(FULL)/.installed  ## style, types, and whether assignments/ is up to date
	$(FULL)/bin/ruff check .
	$(FULL)/bin/ruff format --check .
	$(FULL)/bin/mypy
	$(FULL)/bin/grader release --all --check

bench: $(BENCH)/.installed  ## other graders and ours, the same class, side by side
	$(BENCH)/bin/python -m benchmarks.peers

overhead: $(FULL)/.installed  ## what grading costs beyond the student's own code
	$(FULL)/bin/python benchmarks/class_of_200.py
	$(FULL)/bin/python -m benchmarks.overhead

clean:
	rm -rf $(BASE) $(FULL) $(BENCH) demo-results

# An environment is complete when its stamp is there, and stale when pyproject.toml is newer.
$(BASE)/.installed: INSTALL = .
$(FULL)/.installed: INSTALL = .[all]
$(BENCH)/.installed: INSTALL = .
$(BENCH)/.installed: MORE = --requirement benchmarks/requirements.txt
$(BENCH)/.installed: benchmarks/requirements.txt
%/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Deltagrade needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@echo "Setting up $* (once; the one for tests includes PyTorch and takes minutes) ..."
	@$(PYTHON) -m venv $*
	@$*/bin/python -m pip install --quiet --editable '$(INSTALL)' $(MORE)
	@touch $@
