# Two commands matter: `make demo` and `make test`. Both make their own environment in .venv from uv.lock.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
# Three workers on two cores: the browser and the command line are waited for more than they work.
PYTEST_ARGS ?= -n 3 --dist loadgroup
CODE := warehouse kpi control etl dashboard migrations tests/builders $(wildcard *.py)
export UV_PYTHON_DOWNLOADS := never
# A municipality's network may have a certificate authority of its own, known to the system only.
export UV_SYSTEM_CERTS := true
export VIRTUAL_ENV := $(CURDIR)/.venv
export PLAYWRIGHT_BROWSERS_PATH := $(CURDIR)/.venv/browsers

.PHONY: demo test check audit format lock clean

demo: .venv/installed
	$(BIN)/samkoll demo

# The checks run beside the tests, and are told after them. All code is compiled once, however many workers and commands
# import it, also where the environment lets none of them keep what it has compiled.
test: .venv/browser .venv/provider
	@$(BIN)/python -m compileall -q $(CODE)
	@$(MAKE) --no-print-directory check >.venv/checked.txt 2>&1 & checking=$$!; \
	$(BIN)/python -m pytest $(PYTEST_ARGS); tested=$$?; \
	wait $$checking || { cat .venv/checked.txt; exit 1; }; \
	exit $$tested

check: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml .

# Asks a database of known vulnerabilities over the network, so it is no part of the tests. It fails when a package could
# not be looked up, too: an audit that saw nothing has not passed.
audit: .venv/installed-dev
	$(BIN)/uv export --frozen --no-dev --no-emit-project --quiet --output-file .venv/locked.txt
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --requirement .venv/locked.txt

format: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/uv
	$(BIN)/uv lock

clean:
	rm -rf .venv var

# --- the environment ---------------------------------------------------------

.venv/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Samkoll needs Python 3.11 or later; $(PYTHON) is older or missing. Try: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo "$(PYTHON) lacks venv/ensurepip. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/installed: .venv/uv pyproject.toml uv.lock
	$(BIN)/uv sync --frozen --inexact --compile-bytecode --no-dev
	@touch $@

.venv/installed-dev: .venv/uv pyproject.toml uv.lock
	$(BIN)/uv sync --frozen --inexact --compile-bytecode
	@touch .venv/installed $@

# The browser tests are never skipped: Debian's chromium where it can be installed, else Playwright's own.
.venv/browser: .venv/installed-dev
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then \
		echo "browser: found"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
		apt-get install -y -qq --no-install-recommends chromium && command -v chromium >/dev/null; then \
		echo "browser: Debian's chromium installed"; \
	else \
		$(BIN)/playwright install chromium; \
	fi
	@touch $@

# The login is tested against a real identity provider where there is Node; without it those tests say why they are skipped.
.venv/provider: .venv/installed-dev tests/oidc/package.json tests/oidc/package-lock.json
	@if command -v npm >/dev/null; then \
		(cd tests/oidc && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) && touch $@; \
	else \
		echo "provider: Node is missing, the login is tested against its stand-in only"; \
	fi
