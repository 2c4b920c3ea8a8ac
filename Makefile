# make run    install what is needed and open the workbench on http://127.0.0.1:8501
# make test   install what is needed and run every check and test
# make bench  timings, as ratios against a peer in the same run
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python

.PHONY: run test lint unit bench train evaluate clean

run: $(VENV)/installed
	$(PY) -m assessment serve

test: lint unit

lint: $(VENV)/installed-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check assessment benchmarks tests streamlit_app.py
	$(PY) -m mypy

unit: $(VENV)/installed-dev
	$(PY) -m pytest -n auto --dist loadgroup -rs

bench: $(VENV)/installed-dev
	$(PY) -m benchmarks

train: $(VENV)/installed
	$(PY) -m assessment train

evaluate: $(VENV)/installed
	$(PY) -m assessment evaluate

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), 'Python 3.11 or later is needed'"
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/installed-dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ $(VENV)/installed
