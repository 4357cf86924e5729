# run    the demo on http://127.0.0.1:8080
# test   everything: Go with the race detector on SQLite and PostgreSQL, the widget in a real browser, lint
# bench  the figures, each beside what it is compared with
# lint   format, vet, staticcheck, generated files

.PHONY: run test bench lint setup go-test widget-test build

run:
	go run .

test: setup lint go-test widget-test

setup:
	.ci/setup

build:
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o usher .

# SQLite, which is C told in Go and has locks of its own, is not watched for races: it would take most of the time.
go-test:
	go test -race -gcflags='modernc.org/...=-race=false -d=checkptr=0' -timeout 15m ./...

widget-test: build
	cd widget && npm ci --ignore-scripts --no-audit --no-fund && USHER_BIN=$(CURDIR)/usher npm test

lint:
	@test -z "$$(go tool gofumpt -l $$(git ls-files '*.go'))" || { echo "not formatted:"; go tool gofumpt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go tool staticcheck ./...

bench: setup
	.ci/bench
