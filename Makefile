# The two commands of a newcomer are `make run` and `make test`.
.PHONY: help run test bench bench-report prove tools test-tools frontend generate fmt clean-data

help:
	@echo 'make run         build everything and start the demonstration on http://127.0.0.1:8080'
	@echo 'make test        install or name what the tests need, and run all of them'
	@echo 'make bench       measure everything (or IDS="B02 B03"), about an hour on two quiet cores'
	@echo 'make prove       break real systems on purpose for an hour or two and write docs/proof.md; ARGS="--help"'
	@echo 'make generate    write again what is generated from the code and committed'
	@echo 'make fmt         format Rust and front end'
	@echo 'make clean-data  forget the demonstration'"'"'s data'

run: tools frontend
	cargo run --release -p switchboard -- serve --demo

test:
	@scripts/test

# Results are kept in docs/performance/, one file for each benchmark.
bench:
	@scripts/tools bench
	cargo build --profile dist -p switchboard -p switchboard-bench
	target/dist/bench $(IDS)
	target/dist/bench report

# The page, from the results as they are.
bench-report:
	cargo run --quiet -p switchboard-bench -- report

# The names of scenarios and options go into ARGS: make prove ARGS="kills --short".
prove:
	@scripts/prove $(ARGS)

tools:
	@scripts/tools build

test-tools:
	@scripts/tools test

frontend: tools
	@scripts/frontend build

# The interface as the server describes it, and the front end's types made from that.
generate:
	cargo run --quiet -p switchboard-web --example openapi > target/openapi.json
	cargo run --quiet -p switchboard-web --example roles > target/routes.md
	cp target/openapi.json frontend/openapi.json
	cp target/routes.md docs/routes.md
	npm --prefix frontend run --silent generate

fmt:
	cargo fmt --all
	npm --prefix frontend run --silent format

clean-data:
	rm -rf switchboard-data
