# Two commands matter: `make demo` and `make test`. Both start from a bare python3.

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin

# The environment is ours alone: uv neither fetches a Python nor touches what it did not install.
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON_DOWNLOADS := never
# Without compiled files each start of `shopbell` compiles the thousand modules that it imports.
unexport PYTHONDONTWRITEBYTECODE
SYNC := $(BIN)/uv sync --frozen --inexact --quiet

.PHONY: demo test lint api compliance docs bench bench-scoring fuzz clean

demo: $(VENV)/gateway.stamp
	@$(BIN)/shopbell demo $(if $(SECONDS),--seconds $(SECONDS)) $(if $(MODEMS),--modems $(MODEMS)) $(if $(PORT),--port $(PORT))

test: $(VENV)/dev.stamp
	@$(BIN)/python tests/support/system.py
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(PYTEST)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/nbstripout --verify notebooks/*.ipynb
	$(BIN)/mypy
	$(BIN)/lint-imports

# What stores read of the interfaces over MQTT and HTTP, from the models by which they are judged.
api: $(VENV)/gateway.stamp
	@$(BIN)/python -m gateway.mqtt.asyncapi docs/api
	@$(BIN)/python -m gateway.web.api docs/api

# Which rule of the law is kept where and by which test, and what is kept of persons.
compliance: $(VENV)/dev.stamp
	@$(BIN)/shopbell person records --example > docs/records-of-processing.md
	@$(BIN)/python tests/support/compliance.py

# The documentation as a site, in site/; a link that leads nowhere fails it.
docs: $(VENV)/dev.stamp
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m bench $(BENCH)

# One subject: make bench-scoring BENCH="features --people 100000"
bench-scoring: $(VENV)/dev.stamp
	@$(BIN)/python -m bench.scoring $(or $(BENCH),all)

fuzz: $(VENV)/dev.stamp
	@$(SYNC) --extra dev --extra fuzz
	$(BIN)/python -m tests.fuzz.run $(or $(SECONDS),600) $(TARGET)

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/gateway.stamp: $(BIN)/uv pyproject.toml uv.lock
	@echo "Installing what the gateway needs into $(VENV) ..."
	@$(SYNC)
	@touch $@

$(VENV)/dev.stamp: $(BIN)/uv pyproject.toml uv.lock
	@echo "Installing what the tests need into $(VENV) ..."
	@$(SYNC) --extra dev
	@touch $@ $(VENV)/gateway.stamp

# Debian without python3-venv has no ensurepip; there the system's pip, if any, fills the venv.
$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; name one: make PYTHON=python3.12" >&2; exit 1; }
	@if $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
		$(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION); \
	else \
		$(PYTHON) -m venv --without-pip $(VENV) && $(PYTHON) -m pip --python $(BIN)/python install -q --disable-pip-version-check uv==$(UV_VERSION); \
	fi || { echo "No environment could be made in $(VENV); on Debian: apt-get install python3-venv" >&2; exit 1; }
	@touch $@
