# `make demo` installs and trains; `make test` runs every check. Both need only Python 3.11 or newer and make.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo bench test test-all checks lint types layers pytest wheel format clean

help:
	@echo "make demo      create $(VENV), install, train the handwritten-digit classifier"
	@echo "make test      every check: lint, types, layers, tests and doctests, the wheel"
	@echo "make bench     time AutoGraph, JAX, TensorFlow, PyTorch and Numba side by side; ARGS=... passes options"
	@echo "make test-all  the same with long random tests, and on other interpreters"
	@echo "make format    format the source"
	@echo "make clean     remove what these commands made"

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed; name it with: make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[examples]'
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

demo: $(VENV)/.demo
	$(BIN)/python examples/train_digits.py

$(VENV)/.bench: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks --json benchmarks/results/benchmarks.json --svg benchmarks/results/benchmarks.svg $(ARGS)

test: checks pytest

checks: $(VENV)/.test
	@$(MAKE) --no-print-directory --jobs 2 types wheel lint layers

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

layers: $(VENV)/.test
	$(BIN)/lint-imports

pytest: $(VENV)/.test
	$(BIN)/python -m pytest -n 2

wheel: $(VENV)/.test
	$(BIN)/python tests/wheel_smoke.py

test-all: checks
	AG_FUZZ=long $(BIN)/python -m pytest -n 2 --timeout 5400
	for version in 3.11 3.12 3.13; do $(BIN)/python tests/other_interpreter.py $$version || exit 1; done

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .venv-* build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
