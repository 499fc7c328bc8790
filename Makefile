# The whole of popd from a fresh clone; `make` alone lists what there is.
.DEFAULT_GOAL := help
.PHONY: help setup run demo test check lint bench clean

bin := .venv/bin
parts := common simulator_mesa concert_bots concert_crowd concert_spam drums live_node pages network_% copies_% detectors_claims detectors_plots detectors_rates detectors_table
benchmarks := $(filter-out $(parts),$(patsubst benchmarks/%.py,%,$(wildcard benchmarks/[a-z]*.py)))

help:
	@echo 'make run     set up, start a node with practice neighbours, and open the game'
	@echo 'make demo    play, witness, mint and transfer between six real nodes, on their own'
	@echo 'make test    set up, and run every test'
	@echo 'make check   style, types, imports, spelling and the fast tests, in about a minute'
	@echo 'make lint    the same without tests'
	@echo 'make bench   measure every claim; each figure is one line of JSON'
	@echo 'make setup   make .venv with everything in it (the others do it themselves)'
	@echo 'make clean   remove .venv and everything else that was made'

setup:
	@.ci/setup

run: setup
	@$(bin)/popctl up --practice --open

demo: setup
	@$(bin)/popctl demo

# What is pure runs on all cores; what drives browsers and towns of daemons needs them for itself,
# and once more where a busy machine came between two moments; pytest counts and names such reruns.
test:
	@.ci/setup --for-tests
	$(bin)/pytest -n auto -m 'not browser and not network'
	$(bin)/pytest -n auto --reruns 1 -rR -m browser tests/game/client
	$(bin)/pytest --reruns 1 -rR -m 'browser or network' --ignore=tests/game/client

check: lint
	$(bin)/pytest -m 'not slow and not browser and not network'

lint: setup
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/codespell

bench: setup
	@set -e; for name in $(benchmarks); do $(bin)/python -m "benchmarks.$$name" --json; done

clean:
	rm -rf .venv build dist *.egg-info .coverage .hypothesis .import_linter_cache
	rm -rf .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
