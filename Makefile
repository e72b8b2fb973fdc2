# make run    set everything up and serve the page and the API on 127.0.0.1:8000
# make test   set everything up and run the whole test suite
# make ask Q="哪些城市提出托育扩容?"
# make check  format, lint and types

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run ask test test-fast check fix setup dev clean

run: $(VENV)/.run
	$(BIN)/planqa serve

ask: $(VENV)/.run
	@test -n "$(Q)" || { echo 'give a question: make ask Q="哪些城市提出托育扩容?"'; exit 2; }
	@$(BIN)/planqa ask "$(Q)"

test: $(VENV)/.dev
	$(BIN)/python -m pytest

test-fast: $(VENV)/.dev
	$(BIN)/python -m pytest -m "not model and not browser"

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fix: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

setup: $(VENV)/.run
dev: $(VENV)/.dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "planqa needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version`. Set PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# torch comes first and pinned: a bare requirement on it may bring several gigabytes for other hardware.
$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --upgrade "pip>=24.1"
	$(BIN)/python -m pip install --quiet "$$(grep '^torch==' constraints.txt)"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV)
