# `make grade` sets everything up and grades; `make test` runs everything that proves the product.
PYTHON ?= python3
VENV := .venv
FILE ?= solutions/exercise_1.py
EXERCISE ?= exercise-1

# The five that the course is about are proven on more seeds than the rest.
CORE := $(addprefix exercise-,1 2 3 4 5)
OTHERS := $(filter-out $(CORE),$(patsubst exercises/exercise_%.py,exercise-%,$(wildcard exercises/exercise_*.py)))

.PHONY: grade test fast benchmarks setup clean

grade: $(VENV)/.installed
	@$(VENV)/bin/grade $(EXERCISE) $(FILE); status=$$?; \
	echo; echo "To grade your own work: . $(VENV)/bin/activate, edit exercises/exercise_1.py, then: grade exercise-1"; \
	exit $$status

test: $(VENV)/.tested
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	OMP_NUM_THREADS=1 $(VENV)/bin/pytest -n 2 -p no:benchmark
	$(VENV)/bin/grade verify $(CORE) --seeds 20
	$(VENV)/bin/grade verify $(OTHERS) --seeds 3

# What an author runs at every change: no random seeds, no attacks.
fast: $(VENV)/.tested
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	OMP_NUM_THREADS=1 $(VENV)/bin/pytest -n 2 -p no:benchmark --ignore tests/attacks
	$(VENV)/bin/grade verify

# About half an hour of a machine that does nothing else.
benchmarks: $(VENV)/.tested
	$(VENV)/bin/pytest benchmarks --benchmark-columns=min,median,max,rounds --benchmark-autosave
	$(VENV)/bin/python benchmarks/learner.py
	$(VENV)/bin/python benchmarks/sandbox.py
	$(VENV)/bin/python benchmarks/kernels.py

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(VENV)/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
