# Two commands do all the set-up: `make demo` and `make test`; `make site` builds the documentation.
.PHONY: demo test site clean

demo:
	@sh scripts/environment run
	@.venv/bin/pbgraph demo -o out/demo

test:
	@sh scripts/environment test
	@sh scripts/browser
	@sh scripts/test

site:
	@sh scripts/environment test
	@.venv/bin/python docs/build_site.py out/site
	@echo out/site/index.html

clean:
	rm -rf .venv out
