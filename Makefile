# Two commands do all the set-up: `make demo` and `make test`.
.PHONY: demo test clean

demo:
	@sh scripts/environment run
	@.venv/bin/pbgraph demo -o out/demo

test:
	@sh scripts/environment test
	@sh scripts/browser
	@sh scripts/test

clean:
	rm -rf .venv out
