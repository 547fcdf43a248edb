# Every command a newcomer, a maintainer and CI need. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What checks and tests of the console's page need, where npm is there to install it.
PAGE_TOOLS := $(if $(shell command -v npm 2>/dev/null),$(VENV)/console-test.ready)
# Processes that run tests: one more than the two processors that the suite is meant for, since some tests wait.
WORKERS ?= 3
# Whatever AWS credentials and settings the environment holds, nothing here may use them.
unexport AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE
unexport AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE
unexport AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV
# Without compiled files every process would compile what it imports anew.
unexport PYTHONDONTWRITEBYTECODE

include tools/setup.mk

##@ Use
.PHONY: scan
scan: $(VENV)/scan.ready ## scan the embedded organization, this machine included, into out/latest/
	@$(BIN)/fleetdx scan $(ARGS)

.PHONY: scan-faults
scan-faults: $(VENV)/scan.ready ## the same with everything that can go wrong; ends incomplete (exit code 4), with a reason for each gap
	@$(BIN)/fleetdx scan --faults emulator/faults/everything.json --execution-timeout 40 --delivery-timeout 30 $(ARGS)

.PHONY: coverage
coverage: $(VENV)/scan.ready ## which instances Systems Manager does not manage, and why; one of each cause is among them
	@$(BIN)/fleetdx coverage --every-cause $(ARGS)

.PHONY: console
console: $(VENV)/console.ready ## open the console on the embedded AWS: start a scan, watch it, see why a state failed
	@$(BIN)/fleetdx console $(ARGS)

##@ Deploy it
.PHONY: package
package: $(VENV)/scan.ready ## build functions.zip and the arm64 layer into out/package/; same tree, same bytes, hashes printed
	@$(BIN)/python -m tools.package $(ARGS)

# Without TARGET=aws, the embedded organization; with it, SETTINGS names the settings of yours.
DEPLOYMENT := $(if $(filter aws,$(TARGET)),--aws) $(if $(SETTINGS),--settings '$(SETTINGS)')
.PHONY: deploy
deploy: $(VENV)/scan.ready ## deploy fleetdx, or upgrade it; to AWS with TARGET=aws SETTINGS=file.json
	@$(BIN)/fleetdx deploy $(DEPLOYMENT) $(ARGS)

.PHONY: remove
remove: $(VENV)/scan.ready ## remove it again; says what goes and what stays, and asks
	@$(BIN)/fleetdx remove $(DEPLOYMENT) $(ARGS)

##@ Work on it
.PHONY: setup
setup: $(VENV)/test.ready $(VENV)/checkov.ready $(PAGE_TOOLS) ## install everything that tests and tools need into .venv

.PHONY: lint
lint: $(VENV)/test.ready $(VENV)/checkov.ready $(PAGE_TOOLS) ## every static check: formats, types, shell, templates, machines, arrows between rooms
	@$(BIN)/python tools/lint.py

.PHONY: format
format: $(VENV)/test.ready $(VENV)/checkov.ready $(PAGE_TOOLS) ## format Python and shell in place
	@$(BIN)/python tools/lint.py --fix

.PHONY: test
test: $(VENV)/test.ready $(VENV)/checkov.ready $(PAGE_TOOLS) ## every static check and every test this machine can run
	@$(BIN)/python tools/lint.py
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)

.PHONY: bench
bench: $(VENV)/test.ready $(PAGE_TOOLS) ## measure fleetdx, beside its peers too, into out/bench/ (needs root; an hour and a half)
	@$(BIN)/python -m bench $(ARGS)

.PHONY: new-check
new-check: $(VENV)/scan.ready ## write a new check's folder: make new-check NAME=compliant_state AREA=files
	@$(BIN)/python tools/new_check.py --name '$(NAME)' --area '$(AREA)'

.PHONY: lock
lock: $(VENV)/test.ready ## pin the requirements again (needs uv)
	@sh tools/lock.sh

.PHONY: clean
clean: ## remove the virtual environment, the embedded AWS's disk and all output
	rm -rf $(VENV) .emulator out

##@ Help
.PHONY: help
help: ## list these targets
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile
