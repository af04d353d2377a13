# make run    sets everything up and runs the main job
# make test   sets everything up and passes the tests

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock
STRENGTH := build/strength
READY := $(VENV)/.ready

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check coverage mutants verification long bench where-time-goes what-ifs ornaments readme sensitivity schema reference golden pictures lint lock clean

run: $(READY)
	$(BIN)/siege-sim run hengyang_1944 -n 1000 --seed 1944 -o runs/hengyang_1944

test: $(READY) lint
	$(BIN)/python -m pytest -q -n 2 -m "not check"

check: $(READY) coverage
	$(BIN)/python -m pytest -q -n 2 -m check --junitxml=$(STRENGTH)/check.xml

# What the tests of `make test` cover, in every process, and where that is too little. Processes that are interrupted on
# purpose cannot tell what they covered.
coverage: $(READY)
	rm -rf $(STRENGTH)/coverage*
	mkdir -p $(STRENGTH)
	COVERAGE_FILE=$(CURDIR)/$(STRENGTH)/coverage $(BIN)/python -m pytest -q -n 2 -m "not check" \
	  --ignore tests/cli/test_cli_interrupt.py --cov --cov-report=json --junitxml=$(STRENGTH)/test.xml
	$(BIN)/python benchmarks/strength.py coverage

# Small changes of the rooms on which all else rests: a test must see each, or a reason stand in tests/survivors.toml.
mutants: $(READY)
	rm -rf mutants
	$(BIN)/mutmut run --max-children 2
	$(BIN)/python benchmarks/strength.py mutants

# docs/verification.md, from what the latest `make check` and `make mutants` found.
verification: $(READY)
	$(BIN)/python benchmarks/verification.py

# What takes long: a million hostile scenarios, that no page made by a program is stale,
# a million replicates in the memory of few, a thousand kills.
long: $(READY) mutants
	SIEGE_SIM_FUZZ=1000000 $(BIN)/python -m pytest -q tests/hostile/test_fuzz.py -m check
	$(BIN)/python benchmarks/ornaments.py --check
	$(BIN)/python benchmarks/readme_tables.py --check
	SIEGE_SIM_MANY=1000000 $(BIN)/python -m pytest -q -s tests/fault/test_memory.py
	SIEGE_SIM_KILLS=1000 SIEGE_SIM_DYING_SECONDS=600 $(BIN)/python -m pytest -q tests/fault/test_kills.py

bench: $(READY)
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/sweeps.py

lint: $(READY)
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks

# Every dependency in its locked version, checked against its hash; then this package itself.
$(READY): $(LOCK) pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Choose the newest versions that pyproject.toml allows, for every Python and platform it allows.
lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet uv
	$(VENV)-lock/bin/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --upgrade \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet -o $(LOCK)
	rm -rf $(VENV)-lock

clean:
	rm -rf $(VENV) runs .pytest_cache .ruff_cache .hypothesis

what-ifs: $(READY)
	$(BIN)/python benchmarks/what_ifs.py

# docs/processes.md: every process switched off, with the same luck.
ornaments: $(READY)
	$(BIN)/python benchmarks/ornaments.py

# The tables of the README that are made by simulation.
readme: $(READY)
	$(BIN)/python benchmarks/readme_tables.py

# What editors know of a scenario file.
schema: $(READY)
	$(BIN)/siege-sim schema > scenarios/schema.json
	$(BIN)/siege-sim schema --extending > scenarios/extending.json

# The digests that runs of every siege must have, where results are meant to change.
golden: $(READY)
	$(BIN)/python tests/golden/golden.py

# Every key of a scenario, for people.
reference: $(READY)
	$(BIN)/python benchmarks/reference.py

# The answers in docs/sensitivity.md, and its picture.
sensitivity: $(READY)
	$(BIN)/python benchmarks/sensitivity.py

where-time-goes: $(READY)
	$(BIN)/python benchmarks/where_time_goes.py

# The pictures of the README and of docs/sweeps.md, drawn anew.
pictures: run
	$(BIN)/siege-sim plot runs/hengyang_1944 -o docs/pictures
	$(BIN)/siege-sim sweep --design hengyang_supply --response record.zhangjiashan_lost -o runs/supply --force >/dev/null
	cp runs/supply/record.zhangjiashan_lost.png docs/pictures/supply.png
	$(BIN)/siege-sim sweep --design hengyang_screening --response end_day -o runs/screening --force >/dev/null
	cp runs/screening/end_day.png docs/pictures/screening.png
