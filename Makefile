# Everything a fresh machine with Python 3.11 or newer needs is set up by these targets.
#   make demo      invented province, whole job on the embedded defaults
#   make test      lint, types, floors, tests (quick ones)
#   make test-all  the same with the slow ones
#   make bench     ratios against peers and limits; ONLY="plan_core …" for some, PEERS=FOLDER of environments
#   make bench-campaigns   the campaign engines beside public libraries, in an environment of their own

VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= demo-output

.PHONY: demo test test-all bench bench-campaigns lint system-packages clean

demo: $(VENV)/.core
	$(BIN)/coverage-engine demo --out $(OUT)

# Two test processes with two threads each on two cores wait for each other most of the time.
test: lint system-packages
	POLARS_MAX_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile --timeout 600 -m "not slow"

test-all: lint system-packages
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --timeout 7200

lint: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test
	$(BIN)/python benchmarks/run.py $(if $(PEERS),--peers $(PEERS)) $(if $(ONLY),--only $(ONLY))

bench-campaigns: $(VENV)/bin/python
	$(VENV)/bin/python -m venv .peers
	.peers/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fast]'
	.peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers/campaigns.txt
	.peers/bin/python benchmarks/campaign_peers.py

$(VENV)/bin/python:
	@for candidate in python3.13 python3.12 python3.11 python3 python; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed" >&2; exit 2; fi; \
	echo "$$found -m venv $(VENV)"; $$found -m venv $(VENV)

$(VENV)/.core: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@ $(VENV)/.core

# Browser and office tests need Debian's chromium and LibreOffice; as root they are installed here.
system-packages:
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v soffice >/dev/null || missing="$$missing libreoffice-calc libreoffice-writer"; \
	command -v pdftoppm >/dev/null || missing="$$missing poppler-utils"; \
	fc-list 2>/dev/null | grep -qi "noto.*cjk" || missing="$$missing fontconfig fonts-noto-cjk"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "apt-get install$$missing"; \
	  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing) >/dev/null \
	    || echo "!!! 未能安装$$missing：浏览器和办公文档测试将不能运行 / could not be installed; browser and office tests cannot run" >&2; \
	else \
	  echo "!!! 缺少$$missing：浏览器和办公文档测试将不能运行 / missing; browser and office tests cannot run" >&2; \
	fi

clean:
	rm -rf $(VENV) demo-output dist build
