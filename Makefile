# The commands of this repository; `make help` lists them. Everything made lies in .cache (kept) and .run (running instances).
SHELL := /bin/bash
PY = PYTHONPATH=scripts .cache/venv-bridge/bin/python
ifdef CC_CACHE
PY = PYTHONPATH=scripts $(CC_CACHE)/venv-bridge/bin/python
endif
STACK = $(PY) -m cc_stack
FROM ?= +8613800138000
TO ?= 100
SECONDS ?= 20
EXT ?= 2002
DO ?= answer
.DEFAULT_GOAL := help
.PHONY: help install demo demo-up demo-down demo-call demo-phone status test test-fast test-system test-controls test-faults test-compose soak lint format pictures clean-run clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## ?/  make \1\t/' | expand -t 22

install: ## all that is needed: Odoo 19, Asterisk 22, Python and npm packages, phones (a second when it is there)
	@scripts/install.sh

demo: install ## the whole call centre with customers who call, until Ctrl-C (FRESH=1: with an empty call log)
	@exec env PYTHONPATH=scripts $${CC_CACHE:-.cache}/venv-bridge/bin/python -m cc_stack demo $(if $(FRESH),--fresh)

demo-up: install ## the same in the background
	@$(STACK) up demo --callers $(if $(FRESH),--fresh)

demo-down: ## ends what demo-up started
	@$(STACK) down demo

demo-call: ## one customer more: FROM=+8613800138000 TO=100 SECONDS=20
	@$(STACK) call demo --from '$(FROM)' --to '$(TO)' --seconds '$(SECONDS)'

demo-phone: ## a key of a desk phone: EXT=2002 DO=answer|hangup|start|stop
	@$(STACK) phone demo '$(EXT)' '$(DO)'

status: ## which parts of the demo run
	@$(STACK) status demo

test: install ## everything: lint, bridge, addons (Python, hoot, tours), whole system
	@$(PY) -m cc_stack.suite all

test-fast: install ## the bridge's tests and one addon's: ADDON=cc_telephony
	@$(PY) -m cc_stack.suite fast $(ADDON)

test-system: install ## the whole-system tests alone: ARGS='-k recording'
	@$(PY) -m pytest tests/system $(ARGS)

test-controls: install ## every control of a call on the PBX, who hears whom: ARGS='-k consult'
	@$(PY) -m pytest -v tests/controls $(ARGS)

test-faults: install ## kill -9, cut links, full disk … under load, the short form: ARGS='-k kill_bridge'
	@$(PY) -m pytest -v tests/faults $(ARGS)

test-compose: install ## docker-compose.yml under Podman, from nothing to calls, restarts and a restored backup
	@scripts/install/containers.sh && bash tests/compose/images.sh
	@PYTHONPATH=scripts bash tests/compose/network.sh $(lastword $(PY)) -m pytest -v tests/compose $(ARGS)

soak: install ## the same for hours: each fault alone ten times, over 100 kills; prints the table at its end
	@CC_SOAK=1 $(PY) -m pytest -v tests/faults $(ARGS)

lint: install ## all linters
	@scripts/lint.sh

format: install ## what linters can put right by themselves
	@scripts/lint.sh --fix

pictures: install ## docs/pictures anew, from an instance of its own with an empty call log
	@$(STACK) up pictures --fresh && { $(PY) scripts/pictures.py pictures; code=$$?; $(STACK) down pictures; exit $$code; }

clean-run: ## ends all instances and removes their databases, recordings and logs
	@for i in $$(ls .run 2>/dev/null | grep -v '\.lock$$'); do $(STACK) clear "$$i"; done; rm -rf .run

clean: clean-run ## removes everything that was made, .cache too
	rm -rf .cache node_modules addons/*/static/lib
