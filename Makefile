# Every target is a line or two; what they call explains itself with --help.
.DEFAULT_GOAL := help
.PHONY: lab test notebooks dags slides slides-serve slides-pdf bench freeze-table seconds pictures lock check-room reset help

# The first suitable Python 3.11-3.13 on this machine, or whatever there is, so that install.py can say what is wrong with it.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done || echo python3)
unexport PYTHONDONTWRITEBYTECODE
INSTALL = @command -v $(PYTHON) >/dev/null || { echo "No Python found. Install Python 3.11, 3.12 or 3.13, then run the command again."; exit 1; }; \
	$(PYTHON) notebooks/workbook/tools/install.py
RUN = .venv/bin/python

lab:        ## install what is missing and open JupyterLab
	$(INSTALL)
	@$(RUN) -m workbook.tools.lab $(ARGS)

test:       ## everything that guards the workbook: units, Airflow, every notebook, the browser
	$(INSTALL)
	@WORKBOOK_SCALE=ci $(RUN) -m pytest -n 4 $(ARGS)

notebooks:  ## build the notebooks whose sources in notebooks/src changed
	$(INSTALL)
	@WORKBOOK_SCALE=ci $(RUN) -m workbook.tools.build

dags:       ## make what is committed in dags: catalog, and static, which is frozen from it
	$(INSTALL)
	@$(RUN) -m workbook.tools.dags

slides:     ## build the talk: slides/build/index.html, and talk.html that needs no other file
	$(INSTALL)
	@$(RUN) slides/build.py $(ARGS)

slides-serve: ## serve the talk on this machine, and build it again at every save
	$(INSTALL)
	@$(RUN) slides/build.py --serve $(ARGS)

slides-pdf: ## print the talk, with and without the speaker's notes
	$(INSTALL)
	@$(RUN) slides/build.py --pdf $(ARGS)

bench:      ## measure every ratio that the README and the slides quote, side by side in one run
	$(INSTALL)
	@$(RUN) -m workbook.bench $(ARGS)

freeze-table: ## freeze DAGs of many origins, and write what came of it: dags/dagfreeze/tried.md
	$(INSTALL)
	@$(RUN) -m workbook.tools.tried

seconds:    ## run every notebook as a learner does, and store how long its sections run: notebooks/src/seconds.json
	$(INSTALL)
	@$(RUN) -m workbook.tools.seconds $(ARGS)

pictures:   ## draw images/ again, and take the README's pictures of a notebook, a chart and a slide
	$(INSTALL)
	@$(RUN) images/draw.py
	@$(RUN) images/photograph.py

lock:       ## choose new versions within pyproject.toml
	$(INSTALL)
	@.venv/bin/uv pip compile --group workbook --group dev --universal --python-version 3.11 --generate-hashes -q -o requirements.lock

check-room: ## find on this machine what would fail in front of a room
	$(INSTALL)
	@$(RUN) -m workbook.tools.room

reset:      ## remove what runs created, your own work only after a yes; ARGS=03.1 gives back one exercise
	@if test -x $(RUN); then $(RUN) -m workbook.tools.reset $(ARGS); else echo "Nothing to reset: nothing is installed yet."; fi

help:       ## this list
	@grep -E '^[a-z-]+: *## ' Makefile | sed -E 's/^([a-z-]+): *## (.*)/  make \1\t\2/' | expand -t 22
