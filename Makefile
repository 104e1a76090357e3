# Needs Python 3.11 or newer and make, nothing else; each target sets up what it needs the first time.
#   make demo      the desk on invented sample data
#   make test      every test
#   make dice      the properties again, with examples never drawn before
#   make check     style and types
#   make pictures  the pictures of the documentation, drawn from the real screens
#   make bench     how fast it is, beside the floor of the machine (SIZE=1k, 10k, 100k or 1m)
#   make growth    only whether anything a key waits for grows with the file; half a minute, and part of every test run

PYTHON ?= python3
SIZE ?= 10k
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: demo test dice check pictures bench growth clean

demo: $(READY)
	@$(BIN)/sdr demo

test: $(READY)
	@$(BIN)/pytest -n 2 --dist worksteal

dice: $(READY)
	@$(BIN)/pytest -n 2 --dist worksteal --hypothesis-profile=dice $$(grep -rl "^@given" tests)

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

pictures: $(READY)
	@$(BIN)/python docs/pictures.py

bench: $(READY)
	@$(BIN)/python -m bench --size $(SIZE)

growth: $(READY)
	@$(BIN)/python -m bench --growth

clean:
	rm -rf $(VENV)

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "the desk needs Python 3.11 or newer; name one with: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "this Python has no venv; install the package python3-venv (Debian, Ubuntu) and run make again" >&2; exit 1; }
	@echo "setting up $(VENV), once"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)
