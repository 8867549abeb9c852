# Everything a developer or a new user needs, on a machine with Python 3.11, pip, make and git.
# Doing it again is quick: stamps in .venv say what is installed, and follow the lock files.

PYTHON ?= $(firstword $(shell command -v python3.11 python3))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check
WORKERS ?= $(shell expr $$(nproc) + 2)
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --python-version 3.11 $(if $(UPGRADE),--upgrade)

.PHONY: help run test lint compiled programs web bench prove lock
.DEFAULT_GOAL := help

# Where this is set, every process that a test begins would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/runtime.stamp $(VENV)/web.stamp ## the demo on this machine (PORT=8081, FRESH=1: forget earlier data, TELEGRAM=1: a phone too, PSEUDO=1: pseudo-languages)
	@$(if $(PSEUDO),MEDVIND_PSEUDO=yes) exec $(BIN)/python -m $(if $(TELEGRAM),tests.telegram_stand_in.with_demo,bot run --demo) $(if $(PORT),--port $(PORT)) $(if $(FRESH),--fresh)

test: $(VENV)/dev.stamp $(VENV)/web.stamp programs ## all checks and all tests, after installing what they need
	@$(MAKE) --no-print-directory --jobs 2 lint compiled
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

lint: $(VENV)/dev.stamp ## style and types only
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# While types are checked on one core the other reads the tests once, so that their processes need not each compile them.
compiled: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest --collect-only --quiet > /dev/null || true

programs:
	@.ci/programs

web: $(VENV)/runtime.stamp ## build the scripts of the staff pages anew (the script editor, the flow picture)
	@.ci/web $(PYTHON)
	@touch $(VENV)/web.stamp

bench: $(VENV)/dev.stamp programs ## how fast a turn is, against a plain baseline and the database's own limit
	@$(BIN)/python -m benchmarks

prove: $(VENV)/dev.stamp programs ## kill the service under load, again and again, and count what is lost (KILLS=60 RESTARTS=10: fewer)
	@$(BIN)/python -m tests.prove $(if $(KILLS),--kills $(KILLS)) $(if $(RESTARTS),--restarts $(RESTARTS))

lock: $(VENV)/dev.stamp ## write the lock files anew (UPGRADE=1: with newer versions)
	$(LOCK) --output-file requirements.lock pyproject.toml
	$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	$(LOCK) --group web --output-file requirements-web.lock

# The environment holds no pip of its own: Debian's Python cannot make one without a further package.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Medvind needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	@echo 'Making an environment of its own in $(VENV); this takes about half a minute.'
	@$(PYTHON) -m venv --without-pip $(VENV)

# `medvind` in the environment runs this checkout; nothing of it is copied.
$(VENV)/runtime.stamp: requirements.lock | $(BIN)/python
	@$(PIP) install --quiet --require-hashes --requirement requirements.lock
	@$(BIN)/python -c 'import pathlib, sysconfig; \
		pathlib.Path(sysconfig.get_path("purelib"), "medvind.pth").write_text(str(pathlib.Path.cwd()) + "\n")'
	@printf '#!%s\nfrom bot.__main__ import main\n\nmain()\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/medvind
	@chmod +x $(BIN)/medvind
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	@$(PIP) install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

# Without them the staff pages work with plain forms. What fails is said once: `make web` tries again.
$(VENV)/web.stamp: $(wildcard bot/console/web/*) .ci/web requirements-web.lock | $(VENV)/runtime.stamp
	@.ci/web $(PYTHON) || echo 'The script editor could not be built, so scripts are edited in plain forms. To try again: make web'
	@touch $@
