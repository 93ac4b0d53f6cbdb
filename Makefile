.PHONY: demo run test lint bench train
VENV := .venv
BIN := $(VENV)/bin
SOURCES := pyproject.toml constraints.txt install.sh

demo: $(VENV)/.installed
	$(BIN)/diembao demo

run: $(VENV)/.installed
	$(BIN)/diembao up

test: lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/.installed-dev
	for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

train: $(VENV)/.installed-dev
	sh install.sh $(VENV) -e ".[dev,train]"
	$(BIN)/diembao train

$(VENV)/.installed: $(SOURCES)
	sh install.sh $(VENV) -e .
	touch $@

$(VENV)/.installed-dev: $(SOURCES)
	sh install.sh $(VENV) -e ".[dev]"
	touch $(VENV)/.installed $@
