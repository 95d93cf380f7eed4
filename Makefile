# Needs Python 3.11+, pip and make: `make demo` serves the site, `make test` tests it.

PYTHON ?= python3

UV := .boot/bin/uv
PY := .venv/bin/python
PYTEST := $(PY) -m pytest -m "not proof"
# The verbs: every module that opens a transaction or writes rows, found by these patterns so that a
# new one cannot be forgotten, and the code that decides what is kept of a request. All of it must be
# covered by tests.
WRITES := transaction\.atomic|select_for_update|\.(bulk_create|bulk_update|create|get_or_create|update_or_create)\(|\.update\(([a-z_]+=|\*\*|$$)|\.save\(([a-z_]+=|\))|\.delete\(\)
VERBS = $(shell grep -rlE --include='*.py' --exclude-dir=migrations '$(WRITES)' articles inquiries portal) \
	inquiries/intake/*.py inquiries/submission_history.py

# Named after the Python that made it, so that another PYTHON rebuilds .venv.
MADE_BY := made-by-python-$(shell $(PYTHON) -c 'import platform; print(platform.python_version())')
VENV := .venv/$(MADE_BY)
SCANNERS := .boot/scanners/$(MADE_BY)

# Another environment's settings must not leak into this one.
unexport VIRTUAL_ENV CONDA_PREFIX PYTHONPATH PYTHONHOME DJANGO_SETTINGS_MODULE
export UV_PYTHON_DOWNLOADS := never
# uv would use its own certificates; only the system's include those of a proxy that inspects TLS.
export UV_SYSTEM_CERTS ?= true
# Keep compiled modules: a process that has to compile them takes three times as long to start.
unexport PYTHONDONTWRITEBYTECODE
export UV_COMPILE_BYTECODE := 1

# Just enough for the settings to load as in production: no real secrets, no real data.
PRODUCTION := env SECRET_KEY=only-for-static-checks-0123456789-abcdefghijklmnopqrstuvwxyz \
	FIELD_KEYS=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
	ALLOWED_HOSTS=portal.example PORTAL_DATA_DIR=.venv/static-checks DATABASE_URL= DEBUG=off PORTAL_HTTPS=on

.DELETE_ON_ERROR:
# One target after another, because each one uses all cores.
.NOTPARALLEL:
.PHONY: demo test sqlite lines postgresql quick compatibility check style coverage scan proof drill bench \
	lighthouse pa11y fonts lock sbom messages format clean

demo: .venv/runtime
	@exec $(PY) -m portal.demo

# PostgreSQL comes last, so that the output ends with the last line of pytest.
# `make test SQLITE=coverage` (or `lines`) measures coverage in the SQLite run; with
# OTHER_PYTHON=python3.13, the PostgreSQL run shows as well that the portal runs on that Python.
SQLITE := sqlite
test: check $(SQLITE)
	@$(MAKE) --no-print-directory postgresql $(if $(OTHER_PYTHON),PYTHON=$(OTHER_PYTHON))

sqlite: .venv/dev
	$(PYTEST) --database sqlite

postgresql: .venv/dev
	$(PYTEST) --database postgresql

# What the PostgreSQL run leaves out, for another Python: tests without a database. Pages in a browser
# don't depend on the Python version, and sites that tests start are for a release to try.
compatibility: .venv/dev
	$(PYTEST) -m "not proof and not browser and not once" --database none

# The tests closest to what changed since main, in a minute; `make quick FILES="..."` names others.
quick: .venv/dev
	@$(PY) -m tests.quick $(FILES)

# Measuring branches and templates doubles the time of the run. Lines of Python alone cost next to
# nothing, on Python 3.12 or newer: `make lines`.
COVER := $(PYTEST) --database sqlite --cov --cov-report=
VERBS_ARE_COVERED := report --skip-covered --include="$$(printf '%s\n' $(VERBS) | paste -sd,)" --fail-under=100
coverage: .venv/dev
	@rm -f .coverage .coverage.*
	$(COVER) --cov-branch
	$(PY) -m coverage $(VERBS_ARE_COVERED)
	$(PY) -m coverage report --skip-covered --fail-under=95

lines: .venv/dev
	@rm -f .coverage .coverage.*
	$(COVER) --cov-config=tests/coverage_of_lines.toml
	$(PY) -m coverage $(VERBS_ARE_COVERED)

check: style
	@mkdir -p .venv/static-checks
	.venv/bin/lint-imports --no-logo
	$(PRODUCTION) $(PY) -m mypy
	$(PRODUCTION) $(PY) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PY) -m tests.migration_linter
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

# Takes a second: runs before every commit if pre-commit is installed.
style: .venv/dev
	$(PY) -m ruff format --check --quiet .
	$(PY) -m ruff check --quiet .
	find templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +

# wapiti and sqlmap against every page and form of the demo site, or of some visitors' part of it:
# make scan VISITORS="anyone editor".
scan: .venv/dev $(SCANNERS)
	@$(PY) -m tests.scan $(VISITORS)

# The long proofs at full size: kill tests, a million rows, scanners. PROOF_SIZE=short runs a
# twentieth of it, two at a time, without the scanners, whose plan `make test` checks.
export PROOF_SIZE ?= full
PROOF := $(PY) -m pytest -m proof -o faulthandler_timeout=0 $(if $(filter short,$(PROOF_SIZE)),,-n 0)
proof: .venv/dev $(if $(filter short,$(PROOF_SIZE)),,scan)
	$(PROOF) --database sqlite
	$(PROOF) --database postgresql

# Backup, loss, and restore with the real programs, and what else the worst day brings.
# `make drill NAMES="restore"` runs some; what is not installed is named.
drill: .venv/dev
	@$(PY) -m tests.drills $(NAMES)

# What each kind of answer costs compared with one bare Django view: docs/performance.md.
bench: .venv/dev
	@$(PY) -m tests.bench

# Lighthouse scores of each kind of public page: docs/performance.md. Needs npm and Chromium.
# Installed in a folder of its own, because npm removes what it did not put there.
LIGHTHOUSE := .boot/lighthouse
lighthouse: .venv/dev $(LIGHTHOUSE)/node_modules/lighthouse
	@$(PY) -m tests.lighthouse "$$(command -v node)" $(LIGHTHOUSE)/node_modules/lighthouse/cli/index.js

# What pa11y finds on the same pages, by day and by night. Needs npm and Chromium.
PA11Y := .boot/pa11y
pa11y: .venv/dev $(PA11Y)/node_modules/pa11y
	@$(PY) -m tests.pa11y "$$(command -v node)" $(PA11Y)/node_modules/pa11y/bin/pa11y.js

# Rebuilds the font files after a change in tests/fonts.py. Their sources come from npm.
FONTS := .boot/fonts
fonts: $(UV) $(FONTS)/node_modules
	@$(UV) run --quiet --no-project --with fonttools==4.68.0 --with brotli==1.2.0 \
		tests/fonts.py $(FONTS)/node_modules

# Run after changing a sentence: what needs a new translation is then empty or fuzzy in the catalog,
# portal/locale/. Needs GNU gettext.
messages: .venv/dev
	$(PRODUCTION) $(PY) manage.py makemessages --all
	$(PRODUCTION) $(PY) manage.py compilemessages --ignore '.*'

format: .venv/dev
	$(PY) -m ruff format --quiet .
	$(PY) -m ruff check --quiet --fix .
	find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} +

# Run after changing pins in pyproject.toml. `make lock LOCK=--upgrade` upgrades the rest as well.
EXPORT := export --quiet --frozen --no-header --no-annotate --format requirements.txt
lock: $(UV)
	$(UV) lock $(LOCK)
	$(UV) $(EXPORT) --no-dev --output-file requirements.txt
	$(UV) $(EXPORT) --only-dev --output-file requirements-dev.txt
	$(UV) $(EXPORT) --only-group boot --output-file requirements-boot.txt
	$(UV) pip compile --quiet --no-header --no-annotate --universal --python-version 3.11 \
		--generate-hashes $(LOCK) --output-file requirements-scan.txt requirements-scan.in

# What a release is made of, in CycloneDX's format, and docs/licenses.md.
sbom: .venv/dev
	$(PY) -m tests.materials sbom.cdx.json

# Installs packages without running any of their scripts.
NPM = NODE_OPTIONS="$${NODE_OPTIONS:---use-openssl-ca}" npm install --prefix $(1) \
	--ignore-scripts --no-audit --no-fund --no-save --silent

$(LIGHTHOUSE)/node_modules/lighthouse:
	@mkdir -p $(LIGHTHOUSE)
	@$(call NPM,$(LIGHTHOUSE)) lighthouse@12.8.2

$(PA11Y)/node_modules/pa11y:
	@mkdir -p $(PA11Y)
	@$(call NPM,$(PA11Y)) pa11y@9.0.1

$(FONTS)/node_modules:
	@mkdir -p $(FONTS)
	@$(call NPM,$(FONTS)) @expo-google-fonts/newsreader@0.4.1 \
		@fontsource-variable/atkinson-hyperlegible-next@5.3.0

clean:
	rm -rf .boot .venv .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

# pip installs uv into a folder of its own: that works where venv is missing and where the system's
# Python refuses packages (PEP 668).
$(UV): requirements-boot.txt
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
		--upgrade --target .boot --require-hashes --requirement $<
	@touch $@

$(VENV): | $(UV)
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed. Name one: make PYTHON=python3.12 ...")'
	@$(UV) venv --quiet --clear --python "$$(command -v $(PYTHON))" .venv
	@touch $@

# Adds packages and removes none: the tools of `make test` stay after a `make demo`.
.venv/runtime: requirements.txt $(VENV)
	@$(UV) pip install --quiet --python $(PY) --require-hashes --requirement requirements.txt
	@touch $@

.venv/dev: requirements.txt requirements-dev.txt $(VENV)
	@$(UV) pip sync --quiet --python $(PY) --require-hashes requirements.txt requirements-dev.txt
	@$(UV) pip check --quiet --python $(PY)
	@touch .venv/runtime $@

$(SCANNERS): requirements-scan.txt | $(UV)
	@$(UV) venv --quiet --clear --python "$$(command -v $(PYTHON))" .boot/scanners
	@$(UV) pip sync --quiet --python .boot/scanners/bin/python --require-hashes $<
	@touch $@
