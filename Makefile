# Rollcall: every way to build, run, test and install it. `make help` lists them.
# The steps themselves are in Scripts/, so that each can be read and run on its own.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# make run: where the server listens, and where it keeps its registry and certificates.
PORT ?= 443
DATA ?= run/data
# make install: where the files go (DESTDIR in front, for packagers).
PREFIX ?= /usr/local
DESTDIR ?=
# How make run builds. A first build for debugging takes 225 s of processor time, one for production 525 s, and make
# test builds for debugging too: what one has built, the other need not. make release and make install build for
# production.
CONFIGURATION ?= debug
# make bench and make bench-fixture: which parts, where to, how many nodes.
PARTS ?=
DIR ?=
N ?=

export PORT DATA PREFIX DESTDIR CONFIGURATION PARTS DIR N

.PHONY: help
help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Settings: PORT=$(PORT) DATA=$(DATA) CONFIGURATION=$(CONFIGURATION) PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)"

.PHONY: run
run: ## a server, a simulated fleet and this machine's agent, shown live until Ctrl-C (PORT=443 DATA=run/data)
	@Scripts/run.sh

.PHONY: stop-service start-service
stop-service: ## stop the service that the agent of `make run` watches, and see error 95226b
	@Scripts/service.sh stop
start-service: ## start it again
	@Scripts/service.sh start

.PHONY: test
test: ## build and run all tests (FILTER=Name runs those that match)
	@Scripts/test.sh

.PHONY: bench bench-core bench-quick bench-page bench-counts bench-fixture
bench: ## measure everything into docs/performance.md, a quarter of an hour (PARTS="heartbeat memory" some of it)
	@Scripts/bench.sh all
bench-quick: ## the main figures in two minutes, printed
	@Scripts/bench.sh quick
bench-core: ## registry and store with a million nodes, without sockets, printed (N=1000000)
	@swift run -c release CoreScale $(or $(N),1000000)
bench-page: ## docs/performance.md and its plots anew from the figures that are there
	@Scripts/bench.sh page
bench-counts: ## keep how many instructions and allocations the heartbeat's path takes, which a test compares with
	@Scripts/bench.sh counts
bench-fixture: ## what another load generator needs to repeat the figures (DIR=run/bench/fixture N=10000)
	@Scripts/bench.sh fixture
.PHONY: laboratory
laboratory: ## try the probe on every broken network of its laboratory (as root; make test runs some)
	@ROLLCALL_LABORATORY=all FILTER=LaboratoryTests Scripts/test.sh

.PHONY: interop
interop: ## try the TLS record layer with openssl, gnutls-cli and tlsfuzzer (RECORDS=own|openssl)
	@Scripts/interop.sh

.PHONY: fuzz
fuzz: ## fuzz the TLS 1.3 record layer (SECONDS_MAX=60)
	@Scripts/fuzz.sh
.PHONY: soak
soak: ## fleets live through random trouble in virtual time, with fresh seeds (SEEDS=20 SPAN=7d AGENTS=200)
	@Scripts/soak.sh

.PHONY: build
build: ## build everything for debugging
	@Scripts/build.sh debug

.PHONY: release
release: ## build the command for production: .build/release/rollcall
	@Scripts/build.sh release

.PHONY: probe-static
probe-static: ## the command in one file that needs nothing but the C library: run/probe/rollcall
	@Scripts/probe-static.sh

.PHONY: deadlines
deadlines: ## when the server would have suspected the sender of TRACE=file.csv, into OUT=file.csv (MARGIN=1)
	@Scripts/detection.sh deadlines

.PHONY: detection
detection: ## remake the table and the plot of docs/detection.md: our detector against those of the literature
	@Scripts/detection.sh report

.PHONY: diagnosis
diagnosis: ## rehearse every scenario, and remake the table of docs/diagnosis.md: how right the alarms were
	@Scripts/diagnosis.sh

.PHONY: generated
generated: ## make the Swift in Sources/RollcallProtocol/Generated anew from proto/
	@Scripts/generated.sh write

.PHONY: generated-check
generated-check: ## fail if that Swift is not what proto/ says
	@Scripts/generated.sh check

.PHONY: format
format: ## lay out the Swift sources as .swift-format has it
	@swift format --in-place --parallel --configuration .swift-format $$(git ls-files '*.swift' ':!*/Generated/*')

.PHONY: lint
lint: ## fail if the sources are not laid out so, or lack documentation
	@swift format lint --strict --parallel --configuration .swift-format $$(git ls-files '*.swift' ':!*/Generated/*')

.PHONY: install
install: ## install the command, its units and example settings (PREFIX=/usr/local DESTDIR=)
	@Scripts/install.sh

.PHONY: clean
clean: ## remove what was built (run/, the registry of `make run`, stays)
	@rm -rf .build
