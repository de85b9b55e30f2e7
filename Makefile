# Every command of the project. A fresh machine needs Python >= 3.12 and make: `make demo`, `make test`.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run demo demo-check test test-database test-engines test-browser test-all side-by-side journeys lint types fix messages docs bench benches \
  screenshots manual-pictures crawl lock scaled-check image-check storm faults raises world world-short size ci

ANY_PYTHON := $(shell command -v python3 || command -v python)
PYTHON_VENV := .venv/bin/python
SITE := $(PYTHON_VENV) -m lms.embedded serve
# Gives the command a database and secrets, and stops the database when no process uses it any more.
WITH := $(PYTHON_VENV) -m lms.embedded run --
# The Node.js that set-up chose.
NODE := $(PYTHON_VENV) -m scripts.node
# What `make bench` times.
BENCH ?= start
BENCH_start := $(SITE) --until "$(PYTHON_VENV) -m scripts.bench_start"
BENCH_transcode := $(PYTHON_VENV) -m scripts.bench_transcode
BENCH_delivery := $(WITH) $(PYTHON_VENV) -m scripts.bench_delivery
BENCH_video := PGOPTIONS="-c synchronous_commit=off" $(WITH) $(PYTHON_VENV) -m scripts.bench_video
BENCH_live := $(WITH) $(PYTHON_VENV) -m scripts.bench_live
BENCH_certificates := $(WITH) $(PYTHON_VENV) -m scripts.bench_certificates
BENCH_pages := PGOPTIONS="-c synchronous_commit=off" $(WITH) $(PYTHON_VENV) -m scripts.bench_pages
BENCH_messages := PGOPTIONS="-c synchronous_commit=off" $(WITH) $(PYTHON_VENV) -m scripts.bench_messages
BENCH_figures := PGOPTIONS="-c synchronous_commit=off" $(WITH) $(PYTHON_VENV) -m scripts.bench_figures
BENCH_announcements := PGOPTIONS="-c synchronous_commit=off" $(WITH) $(PYTHON_VENV) -m scripts.bench_announcements
BENCH_exams := $(WITH) $(PYTHON_VENV) -m scripts.bench_exams
BENCH_search := PGOPTIONS="-c synchronous_commit=off" $(WITH) $(PYTHON_VENV) -m scripts.bench_search
# What `make faults` takes away.
FAULTS ?= disk database broker clock
# Tests start from nothing each time: a transaction lost in a power cut costs them nothing.
PYTEST = PGOPTIONS="-c synchronous_commit=off" $(WITH) $(PYTHON_VENV) -m pytest $(CHECKS)
# The tiers of tests/plugins/tiers.py. A worker or its connection of the database keeps a core busy all the time; a third one costs
# an eighth more processor time.
PYTEST_BEHAVIOR = $(PYTEST) -n 2 --dist worksteal -m "not engines and not walks and not browser and not scaled"
# Of three, one waits for a server or an encoder.
PYTEST_ENGINES = $(PYTEST) --once-more -n 3 --dist loadgroup
# A third worker would take processor time from classes on air, which last as long as they last.
PYTEST_BROWSER = $(PYTEST) --once-more -n 2 --dist loadgroup
PYTEST_SCALED = $(PYTEST) -n 2 --dist loadfile -m scaled

# Where it is set, each of the hundreds of Pythons of a run compiles our sources and tests again.
unexport PYTHONDONTWRITEBYTECODE

help: ## List the commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
	  printf '  make %-15s %s\n' "$$name" "$$text"; done

setup: ## Install everything this checkout needs (every other command does it first)
	@test -n "$(ANY_PYTHON)" || { echo "Python 3.12 or newer is needed: install it (Debian: apt install python3 python3-venv)."; exit 1; }
	@$(ANY_PYTHON) scripts/bootstrap.py

run: setup ## Serve the site on localhost:8000 (PORT=... chooses another port)
	@$(SITE)

demo: setup ## Build demo data, run a trainee's whole journey and leave the site running
	@$(SITE) --then "$(PYTHON_VENV) manage.py demo"

demo-check: setup ## Run the whole journey and end with a status; the last line is JSON
	@$(SITE) --until "$(PYTHON_VENV) manage.py demo --check"

test: setup ## Run the tests of all behavior, laws and rules (ARGS=... go to pytest); 5 min
	@$(PYTEST_BEHAVIOR) $(ARGS)

test-database: setup ## Migrate the database that every run of tests copies; the first run does it else
	@$(PYTEST) -q --setup-only --no-header tests/project/test_database_flush.py >/dev/null

test-engines: setup ## Run the tests with real encodes, killed processes and whole servers, and those of every page; 5 min
	@$(PYTEST_ENGINES) -m "(engines and not engines(nightly=True)) or (walks and not walks(nightly=True))" $(ARGS)

test-browser: setup ## Run one test of each role and feature in Chromium (Debian package: chromium); 5 min
	@$(PYTEST_BROWSER) -m "browser and not browser(nightly=True)" $(ARGS)

test-all: setup ## Run every test there is, with the most examples of each law; half an hour
	@$(PYTEST_BEHAVIOR) --hypothesis-profile nightly $(ARGS)
	@$(PYTEST_ENGINES) -m "engines or walks" --hypothesis-profile nightly $(ARGS)
	@$(PYTEST_BROWSER) -m browser $(ARGS)
	@$(PYTEST_SCALED) $(ARGS)

lint: setup ## Check style, format and words, and scripts for defects
	@$(PYTHON_VENV) -m ruff check .
	@$(PYTHON_VENV) -m ruff format --check .
	@$(PYTHON_VENV) -m scripts.terms
	@$(NODE) node_modules/eslint/bin/eslint.js --cache --cache-location var/eslint .

types: setup ## Check types
	@$(WITH) $(PYTHON_VENV) -m mypy .
	@$(NODE) node_modules/typescript/bin/tsc --project tsconfig.json
	@$(NODE) node_modules/typescript/bin/tsc --project tsconfig.strict.json

fix: setup ## Repair style and format where that can be done by machine
	@$(PYTHON_VENV) -m ruff check --fix .
	@$(PYTHON_VENV) -m ruff format .

messages: setup ## Collect the texts to translate into lms/locale/<app> (Debian package: gettext)
	@$(WITH) $(PYTHON_VENV) -m scripts.collect_messages

docs: setup ## Check that the documentation names every command, setting and signal
	@$(PYTEST) tests/project $(ARGS)

bench: setup ## Time the start of the site (BENCH=transcode: CPU of encoding; BENCH=delivery: segments through nginx; BENCH=live: live rooms; BENCH=video: how late a class is; BENCH=certificates: what a certificate costs; BENCH=search: what a search costs the database; BENCH=pages: what a page costs; BENCH=messages: 50,000 short messages; BENCH=figures: a million enrollments; BENCH=exams: saving answers, an exam of 2,000)
	@$(BENCH_$(BENCH))

benches: setup ## Run each bench once, small, two at a time: none may end with an error
	@$(PYTHON_VENV) -m scripts.benches $(ARGS)

screenshots: setup ## Save pictures of the main pages to var/screenshots (Debian package: chromium)
	@$(PYTEST) -m browser -k screenshot $(ARGS)

manual-pictures: setup ## Make the pictures of the staff manual again, in both languages, from the data of the demo (Debian package: chromium)
	@MANUAL_PICTURES=write $(PYTEST) -m browser tests/manual/test_pictures_browser.py $(ARGS)

crawl: setup ## Judge every page of a running demo: the Nu Html Checker, axe, language, layout shifts (ARGS="--site http://localhost:8000"; Debian: chromium nodejs npm default-jdk-headless)
	@npm ci --silent --prefix scripts/crawl
	@$(PYTHON_VENV) -m scripts.crawl $(ARGS)

storm: setup ## Storm both modes with clients that hang up and with a crowd (REQUESTS=... ROUNDS=... MODES=embedded); half an hour
	@$(PYTHON_VENV) -m scripts.faults storm

faults: setup ## Take disk, database, broker and the hour away from both modes while people work (FAULTS="disk clock"); half an hour
	@$(PYTHON_VENV) -m scripts.faults $(FAULTS)

raises: setup ## Delete each raise of a refusal in turn: a test has to fail (APP="accounts certificates/services" takes the raises there, ARGS the tests); half an hour
	@PGOPTIONS="-c synchronous_commit=off" $(WITH) $(PYTHON_VENV) -m scripts.raises $(if $(APP),--app "$(APP)") $(ARGS)

world: setup ## Let people of three centers and the ministry act by chance, and check after each act what has to hold (SEED=... HISTORIES=1 repeats one; SECONDS=... ACTS=... STEPS=... WORKERS=... BARS=no), 15 min; PAIRS=yes plays 15 pairs of acts on two connections instead, 2 min
	@PGOPTIONS="-c synchronous_commit=off" $(WITH) $(PYTHON_VENV) -m scripts.world$(if $(PAIRS),.pairs)

world-short: setup ## Two histories of it, the same each time, without asking how often each act was done; 1 min
	@$(MAKE) --no-print-directory world HISTORIES=2 STEPS=60 SECONDS=120 BARS=no

size: setup ## Print how large the code is: lines and nodes of each app, tables, refusals, the largest repeats
	@$(WITH) $(PYTHON_VENV) -m scripts.size

lock: setup ## Resolve the newest allowed versions into requirements/ and package-lock.json
	@$(PYTHON_VENV) -m scripts.lock

scaled-check: setup ## Run the whole journey on Redis, gunicorn, daphne, workers and nginx (Debian: redis-server nginx)
	@$(WITH) $(PYTHON_VENV) -m scripts.scaled_check demo --check

image-check: setup ## Build the container image without an engine and check it (root; Debian: buildah netavark debootstrap)
	@scripts/image-check

# The types are checked by one process. The other core does what else comes before the tests.
side-by-side: setup ## Lint, types and the database of the tests, on both cores
	@($(MAKE) --no-print-directory test-database && $(MAKE) --no-print-directory lint) & other=$$!; \
	  $(MAKE) --no-print-directory types; types=$$?; wait $$other && exit $$types

# Each of the two keeps little more than one core busy. They share no database, folder or port.
journeys: setup ## demo-check and scaled-check, on both cores
	@$(MAKE) --no-print-directory scaled-check & other=$$!; \
	  $(MAKE) --no-print-directory demo-check; demo=$$?; wait $$other && exit $$demo

ci: CHECKS := --fail-on-skip
# Budgets of processor time are enforced (tests/plugins/costs.py).
ci: export CI := true
ci: setup side-by-side test world-short test-engines test-browser journeys benches ## Everything that has to hold before a merge; 20 min
