# `make demo` and `make test` do all the set-up they need.

PYTHON ?= python3
BASE := .venv
FULL := .venv-full

.PHONY: demo test hostile lint bench clean

demo: $(BASE)/.installed  ## grade the example class on the shipped digits
	@$(BASE)/bin/grader demo

test: $(FULL)/.installed  ## everything installed, all tests
	$(FULL)/bin/python -m pytest

hostile: $(FULL)/.installed  ## every attack on the grader, in every tier, and the fuzzers
	HOSTILE=all $(FULL)/bin/python -m pytest tests/test_hostile*.py
	$(FULL)/bin/python -m tests.hostile.fuzz --seconds 60

lint: $(FULL)/.installed  ## style, types, and whether assignments/ is up to date
	$(FULL)/bin/ruff check .
	$(FULL)/bin/ruff format --check .
	$(FULL)/bin/mypy
	$(FULL)/bin/grader release --all --check

bench: $(FULL)/.installed  ## measure, side by side
	$(FULL)/bin/python benchmarks/class_of_200.py

clean:
	rm -rf $(BASE) $(FULL) demo-results

# An environment is complete when its stamp is there, and stale when pyproject.toml is newer.
$(BASE)/.installed: INSTALL = .
$(FULL)/.installed: INSTALL = .[all]
%/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Deltagrade needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@echo "Setting up $* (once; the one for tests includes PyTorch and takes minutes) ..."
	@$(PYTHON) -m venv $*
	@$*/bin/python -m pip install --quiet --editable '$(INSTALL)'
	@touch $@
