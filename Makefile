# Two commands matter: `make demo` and `make test`. Both make their own environment in .venv from uv.lock.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never

.PHONY: demo test check format lock clean

demo: .venv/installed
	$(BIN)/samkoll demo

test: check
	$(BIN)/python -m pytest

check: .venv/installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/uv
	VIRTUAL_ENV=.venv $(BIN)/uv lock

.venv/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	touch $@

.venv/installed: .venv/uv pyproject.toml uv.lock
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv sync --frozen --inexact --quiet
	touch $@

clean:
	rm -rf .venv var
