# For people who have make. ./liandao does the work.

.PHONY: demo test run lock

demo test run:
	./liandao $@ $(ARGS)

# Newest versions that pyproject.toml allows, for every Python and system, each with its hashes.
# uv makes the lock; nothing else needs it: python3 -m pip install uv
UV ?= $(firstword $(wildcard .venv/bin/uv) uv)
lock:
	$(UV) pip compile pyproject.toml --extra app --group build --group dev --upgrade \
	  --universal --python-version 3.11 --generate-hashes --no-annotate --quiet \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  --output-file requirements.lock
