# The two commands of a newcomer are `make run` and `make test`.
.PHONY: help run test tools test-tools frontend fmt clean-data

help:
	@echo 'make run         build everything and start the demonstration on http://127.0.0.1:8080'
	@echo 'make test        install or name what the tests need, and run all of them'
	@echo 'make fmt         format Rust and front end'
	@echo 'make clean-data  forget the demonstration'"'"'s data'

run: tools frontend
	cargo run --release -p switchboard -- serve --demo

test:
	@scripts/test

tools:
	@scripts/tools build

test-tools:
	@scripts/tools test

frontend: tools
	@scripts/frontend build

fmt:
	cargo fmt --all
	npm --prefix frontend run --silent format

clean-data:
	rm -rf switchboard-data
