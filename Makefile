# Two commands: `make site` publishes the demo site, `make test` runs the tests.
BIN := .venv/bin
SITE ?= .

.PHONY: site test check lock bench environment clean help

help:
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

site: environment ## bring the site up to date and release it
	@$(BIN)/analysis publish $(SITE)

test: environment ## run the tests
	@$(BIN)/python -m pytest -n auto --dist loadscope

check: environment ## format, lint, types, layers, file sizes
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python tools/check_sizes.py

lock: environment ## renew requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra demo --extra dev --universal --upgrade \
	    --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock

bench: environment ## measure against the marks
	@status=0; for name in site status contracts datasets ingest experiments models monitoring; do \
	    $(BIN)/python benchmarks/$$name.py || status=1; done; exit $$status

environment:
	@tools/environment

clean: ## remove what can be built again
	rm -rf .analysis _site .mypy_cache .ruff_cache .pytest_cache
