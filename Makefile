SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

BINARY   := build/otelcol-workflow
MODULES  := $(patsubst %/go.mod,%,$(shell find . -name go.mod -not -path './build/*' -not -path './tools/*' | sort))
TOOL     := go tool -modfile=tools/go.mod
# golangci-lint has a module of its own, so that its many dependencies move no other tool.
LINT     := $(CURDIR)/build/golangci-lint
SOURCES  := find . -name '*.go' -not -path './build/*' -not -path './cmd/*' -not -name 'generated_*.go'
FUZZTIME ?= 10s
PRESET   ?= standalone

# Of `make catalog`: the release whose prices are embedded, the day it came out, and what npm says its archive is.
GENAI_PRICES           := 0.1.8
GENAI_PRICES_DATE      := 2026-09-23
GENAI_PRICES_INTEGRITY := sha512-h7CYw6qTyflG2zUndO8tXyL8Xopf+tX9JZu13h0ZFgeyYj+J2gm1edR4+R+mbQ2vPdkFjtTmmmu1cYQPM5/KTA==

# Of `make demo` and `make stack`, which have defaults of their own for DURATION and RATE.
PORT_OFFSET ?= 0

# Of `make stack`: what goes wrong (errors, latency, cost, stop, none), after how long, and how long.
FAULT       ?= none
FAULT_AFTER ?= 1m
FAULT_FOR   ?= 3m
REPLICAS    ?= 1

export STATE_DIR ?= $(CURDIR)/.state
# Of this checkout alone: the cache names files by their path, and fails on those of a deleted one.
export GOLANGCI_LINT_CACHE ?= $(CURDIR)/build/lint-cache

.PHONY: help
help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1\t\2/p' Makefile | expand -t 20

.PHONY: generate
generate: | build/ ## write the collector's main package and all other generated code
	@$(TOOL) builder --skip-get-modules --skip-compilation --config builder-config.yaml >build/generate.log 2>&1 \
		|| { cat build/generate.log; exit 1; }
	$(TOOL) gofumpt -w cmd
	go generate ./...

# Not a part of `generate`: it asks npm, and a new release may change what old spans cost.
.PHONY: catalog
catalog: | build/ ## write the embedded prices of models from the pinned release of genai-prices
	@dir=build/genai-prices
	rm -rf $$dir && mkdir -p $$dir
	archive=$$dir/$$(cd $$dir && npm pack --silent '@pydantic/genai-prices@$(GENAI_PRICES)')
	got=sha512-$$(openssl dgst -sha512 -binary "$$archive" | base64 -w0)
	[ "$$got" = '$(GENAI_PRICES_INTEGRITY)' ] || { echo "make catalog: $$archive is $$got, not the pinned $(GENAI_PRICES_INTEGRITY)"; exit 1; }
	tar -xzf "$$archive" -C $$dir
	cp $$dir/package/LICENSE internal/cost/catalog/LICENSE.genai-prices
	node internal/cost/gencatalog/providers.mjs $$dir/package/dist/index.js \
		| go run ./internal/cost/gencatalog -version $(GENAI_PRICES) -date $(GENAI_PRICES_DATE) -out internal/cost/catalog/genai-prices.json.gz
	ls -l internal/cost/catalog

.PHONY: build
build: | build/ ## build/otelcol-workflow
	@CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o $(BINARY) ./cmd/otelcol-workflow

.PHONY: run
run: build ## run the collector with PRESET (default: standalone)
	@mkdir -p "$$STATE_DIR"
	exec $(BINARY) --config preset:$(PRESET)

# A plain build of the demo is the first thing that a fresh clone does, so it says so.
.PHONY: demo
demo: | build/ ## build all, run an example for DURATION (default: 30s) and show its metrics
	@mkdir -p build/demo
	[ -x build/demo/demo ] || echo "building the demo"
	go build -o build/demo/demo ./test/demo >build/demo/build-demo.log 2>&1 \
		|| { echo "make demo: building the demo failed: $$(tail -n 1 build/demo/build-demo.log) (all it said: build/demo/build-demo.log)"; exit 1; }
	exec build/demo/demo -duration '$(or $(DURATION),30s)' -rate '$(or $(RATE),20)' -port-offset '$(PORT_OFFSET)'

.PHONY: stack
stack: | build/ ## run collector, Prometheus, Alertmanager and an example until Ctrl-C; FAULT=errors: see alerts fire
	@mkdir -p build/stack
	[ -x build/stack/stack ] || echo "building the stack"
	go build -o build/stack/stack ./test/stack >build/stack/build-stack.log 2>&1 \
		|| { echo "make stack: building the stack failed: $$(tail -n 1 build/stack/build-stack.log) (all it said: build/stack/build-stack.log)"; exit 1; }
	exec build/stack/stack -fault '$(FAULT)' -fault-after '$(FAULT_AFTER)' -fault-for '$(FAULT_FOR)' -replicas '$(REPLICAS)' \
		-rate '$(or $(RATE),5)' -duration '$(DURATION)' -port-offset '$(PORT_OFFSET)'

.PHONY: test
test: ## every test of every module, with the race detector
	@# Built here, since tests that need it at the same time would each compile it.
	for tool in prometheus promtool; do CGO_ENABLED=0 go tool -modfile=tools/prometheus/go.mod -n $$tool >/dev/null; done
	for tool in alertmanager amtool; do CGO_ENABLED=0 go tool -modfile=tools/alertmanager/go.mod -n $$tool >/dev/null; done
	for m in $(MODULES); do
		echo "test $$m"
		(cd $$m && go test -race -timeout 40m ./... | { grep -v 'no test files' || true; }) || { echo "make test: FAILED in $$m"; exit 1; }
	done

.PHONY: recordings
recordings: build ## send the recorded spans in DIR through the binary and compare with its manifest
	@dir=$${DIR:-test/recordings/testdata}
	compgen -G "$$dir/*.json*" >/dev/null || { echo "make recordings: DIR=$$dir: use a folder with *.json files, see test/recordings/README.md"; exit 1; }
	dir=$$(realpath "$$dir")
	cd test/recordings && go test -count=1 -timeout 30m -parallel 2 -args -dir="$$dir" -binary="$(CURDIR)/$(BINARY)"

.PHONY: check
check: fmt-check lint generate-check tidy-check archtest ## everything short of the tests
	@echo "check: ok"

.PHONY: fmt
fmt: $(LINT) ## format all Go files
	@for m in $(MODULES); do (cd $$m && $(LINT) fmt --config $(CURDIR)/.golangci.yml ./...); done

.PHONY: fmt-check
fmt-check: ## fail if a Go file is not formatted
	@bad=$$($(SOURCES) -print0 | xargs -0 $(TOOL) gofumpt -l)
	[ -z "$$bad" ] || { printf 'not formatted, run "make fmt":\n%s\n' "$$bad"; exit 1; }

# The settings of `build`, so that linter and build share one compilation.
.PHONY: lint
lint: $(LINT) ## golangci-lint in every module
	@for m in $(MODULES); do
		(cd $$m && CGO_ENABLED=0 GOFLAGS="$$(go env GOFLAGS) -trimpath" $(LINT) run --config $(CURDIR)/.golangci.yml ./...) || { echo "make lint: FAILED in $$m"; exit 1; }
	done

# Compares with the tree as it is, not with the last commit, so it holds while editing.
.PHONY: generate-check
generate-check: | build/ ## fail if generated code is not what `make generate` writes
	@state() { find . \( -name '*.go' -o -name '*.md' -o -name '*.json' \) -not -path './build/*' -not -path './.*' | sort | xargs -d '\n' sha256sum; }
	state >build/generated.before
	$(MAKE) --no-print-directory generate
	state >build/generated.after
	cmp -s build/generated.before build/generated.after || { echo 'generated code was stale: commit what "make generate" wrote:'; diff build/generated.before build/generated.after | grep '^>'; exit 1; }

.PHONY: tidy-check
tidy-check: ## fail if a go.mod is not tidy
	@for m in $(MODULES) tools tools/lint tools/prometheus tools/alertmanager; do
		(cd $$m && go mod tidy -diff) || { echo "make tidy-check: run 'go mod tidy' in $$m"; exit 1; }
	done

.PHONY: archtest
archtest: ## the import rules
	@go test ./internal/archtest

.PHONY: bench
bench: ## every benchmark once, in every module
	@for m in $(MODULES); do (cd $$m && go test -run '^$$' -bench . -benchmem ./... | { grep -v 'no test files' || true; }); done

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (default: 10s)
	@for m in $(MODULES); do
		(cd $$m && for dir in $$(go list -f '{{.Dir}}' ./...); do
			for name in $$(cat "$$dir"/*_test.go 2>/dev/null | sed -nE 's/^func (Fuzz[A-Za-z0-9_]*).*/\1/p'); do
				echo "fuzz $$dir $$name"
				go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) "$$dir"
			done
		done)
	done

.PHONY: clean
clean: ## remove build/ and .state/
	@rm -rf build .state

build/:
	@mkdir -p build

$(LINT): tools/lint/go.mod | build/
	@echo "building golangci-lint (once)"
	go build -modfile=tools/lint/go.mod -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
