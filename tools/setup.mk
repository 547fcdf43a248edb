# The virtual environment, in two steps: what `make scan` needs, and what tests need beyond that.
# A stamp file is renewed when its lock file changes.

$(VENV)/bin/python:
	@sh tools/preconditions.sh '$(PYTHON)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/scan.ready: requirements/local.lock pyproject.toml | $(VENV)/bin/python
	@echo 'Installing what fleetdx needs into $(VENV) (once; about half a minute) ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/local.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.ready: requirements/dev.lock $(VENV)/scan.ready $(VENV)/sbom.ready
	@echo 'Installing what the tests need into $(VENV) (once; about a minute) ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

# checkov pins what we pin otherwise, so it has a virtual environment of its own.
$(VENV)/checkov.ready: requirements/checkov.lock | $(VENV)/bin/python
	@echo 'Installing checkov, which looks over the templates, into $(VENV)/checkov (once; about half a minute) ...'
	@$(PYTHON) -m venv $(VENV)/checkov
	@$(VENV)/checkov/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes \
	  -r requirements/checkov.lock
	@touch $@

# What checks the bill of materials brings a parser of addresses that every process which knows jsonschema would then
# compile as it starts, for more than a second; so it has a virtual environment of its own too.
$(VENV)/sbom.ready: requirements/sbom.lock | $(VENV)/bin/python
	@$(PYTHON) -m venv $(VENV)/sbom
	@$(VENV)/sbom/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/sbom.lock
	@touch $@

# What the console's page takes from npm, beside its package.json; what checks and tests of its modules need with it.
# Where the latter are installed already they are kept, since npm would take them away.
$(VENV)/console.ready: console/package-lock.json $(VENV)/scan.ready
	@sh tools/preconditions.sh '$(PYTHON)' npm
	@echo 'Installing what the console needs into console/node_modules (once; some seconds) ...'
	@cd console && npm ci $(if $(wildcard $(VENV)/console-test.ready),,--omit=dev) --silent
	@touch $@

$(VENV)/console-test.ready: console/package-lock.json $(VENV)/test.ready
	@sh tools/preconditions.sh '$(PYTHON)' npm
	@echo 'Installing what the tests of the console need into console/node_modules (once; some seconds) ...'
	@cd console && npm ci --silent
	@touch $@
