# The two main commands are `make dev` and `make test`. Both install what is missing.

# The project installs its own Node, so Node 20 on the machine is enough to start.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export WRANGLER_SEND_METRICS := false

# The first Python on the PATH that is new enough. Override it with PYTHON=….
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

# Debian's Chromium, which the browser tests drive. Override it with CHROMIUM=….
CHROMIUM ?= /usr/bin/chromium

.PHONY: help dev doctor test test-quick test-clients test-exact-cache test-semantic-cache test-coalescing test-browser dashboard-picture test-alerts semantic-eval semantic-shadow-report semantic-purge bench bench-quick bench-memory bench-scale bench-engine judge-train lint install clean

help: ## Shows this list.
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|'

dev: install ## Starts everything on 127.0.0.1 and prints what to try; Ctrl-C stops it.
	@exec node infra/local/dev.ts

# Without EDGE_URL, the gateway of `make dev`, whose models and admin key are known.
doctor: node_modules/.package-lock.json ## Examines the gateway of `make dev`, or EDGE_URL with ADMIN_KEY, and what it depends on (DOCTOR=… passes options).
	@exec $(if $(EDGE_URL),,env ADMIN_KEY=local-admin EDGE_URL=http://127.0.0.1:$(or $(GATEWAY_PORT),8787)) node infra/cli/edge.ts doctor \
		$(if $(EDGE_URL),,--model local-chat-model --embedding-model local-embed-model) $(DOCTOR)

test: install ## Runs every layer: unit, worker, and the whole on the real stack.
	@$(PYTHON) infra/clients/install.py
	@exec vitest run --project unit --project worker --project stack

test-quick: node_modules/.package-lock.json ## Runs the layers that need no Python.
	@exec vitest run --project unit --project worker

test-clients: install ## Drives the unmodified SDKs through the gateway on the real stack (a minute; UPDATE_DOCS=1 writes the matrix).
	@$(PYTHON) infra/clients/install.py
	@exec vitest run --project clients

test-exact-cache: install ## Shows the exact cache at work on the real stack.
	@exec vitest run --project stack test/stack/exact-cache.test.ts

test-semantic-cache: install ## Shows the semantic cache at work on the real stack.
	@exec vitest run --project stack test/stack/semantic-cache.test.ts

test-coalescing: install ## Shows fifty identical requests share one call, on the real stack.
	@exec vitest run --project stack test/stack/coalescing.test.ts

test-browser: node_modules/.package-lock.json ## Drives the dashboard in a real Chromium; screenshots are in .local/screenshots.
	@test -x "$(CHROMIUM)" || { echo "Chromium is needed (apt-get install chromium), or name it with CHROMIUM=…" >&2; exit 1; }
	@exec env CHROMIUM="$(CHROMIUM)" vitest run --project browser

dashboard-picture: install ## Takes the README's pictures of the dashboard, after real traffic on the local stack (13 minutes; MINUTES=2 for a look).
	@test -x "$(CHROMIUM)" || { echo "Chromium is needed (apt-get install chromium), or name it with CHROMIUM=…" >&2; exit 1; }
	@exec env CHROMIUM="$(CHROMIUM)" node test/browser/picture.ts

test-alerts: ## Checks what Prometheus' alerts fire on (promtool, from Debian's package prometheus).
	@command -v promtool >/dev/null || { echo "promtool is missing. On Debian: apt-get install prometheus" >&2; exit 1; }
	@promtool check config --syntax-only infra/prometheus/prometheus.yml
	@promtool test rules infra/prometheus/alerts.test.yml

semantic-eval: $(if $(LITELLM_URL),node_modules/.package-lock.json,install) ## Measures embedding and judge on labelled pairs, and names the threshold for MAX_FALSE.
	@exec node test/semantic-eval/eval.ts

semantic-shadow-report: node_modules/.package-lock.json ## Sums up what SEMANTIC=shadow logged in FILE (- reads standard input).
	@exec node infra/semantic-shadow-report.ts

semantic-purge: node_modules/.package-lock.json ## Deletes from LiteLLM's semantic cache what is too old to be found.
	@exec node infra/semantic-purge.ts

bench: install ## Compares the built gateway on bare workerd with two small Workers and two other gateways (ten minutes).
	@exec env PEERS=1 node test/bench/bench.ts

bench-quick: node_modules/.package-lock.json ## The same, shorter and without the other gateways (three minutes).
	@exec env ROUNDS=$${ROUNDS:-3} SECONDS=1 node test/bench/bench.ts

bench-memory: node_modules/.package-lock.json ## Measures how far bare workerd grows under large bodies and long streams (Linux; three minutes).
	@exec node test/bench/memory.ts

bench-scale: node_modules/.package-lock.json ## Simulates tenants, data centres and the coalescing pool with the gateway's own code (a minute).
	@exec node test/bench/scale/scale.ts

bench-engine: install ## Measures Qdrant's engine: memory, disk and lookups at ENTRIES=1000000 (Linux; six minutes).
	@PYTHONPATH=infra/local exec .local/venv/bin/python test/bench/scale/engine.py

judge-train: ## Trains the local judge from the labelled pairs (about 25 minutes; TRAIN=… passes options).
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed; name it with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) infra/judge-train/install.py
	@PYTHONPATH=infra/local exec .local/judge-venv/bin/python infra/judge-train/train.py $(TRAIN)

lint: node_modules/.package-lock.json ## Checks style, docs, imports, unused code and types, builds the Worker and weighs it.
	@npm run --silent lint && npm run --silent docs && npm run --silent unused && npm run --silent check && npm run --silent build && node infra/bundle-size.ts

install: node_modules/.package-lock.json
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed; name it with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) infra/local/install.py

# Not `npm ci`, which fails if a registry lacks a tool's binary for another platform.
node_modules/.package-lock.json: package-lock.json
	@echo "Installing the Node packages (about 700 MB, once) …"
	@npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

clean: ## Removes everything that was installed, built or stored.
	rm -rf node_modules dist .wrangler .local
