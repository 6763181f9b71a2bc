PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
INSTALLED = $(VENV)/.installed

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

book: $(INSTALLED) ## install what is needed, build the website into _build/html
	$(BIN)/jupyter-book build . -W -n --keep-going

test: $(INSTALLED) ## install what is needed, run every test and every notebook again
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

notebooks: $(INSTALLED) ## export the chapters, execute those whose code changed
	PYTHONPATH=src $(BIN)/python -m book

pdf: book ## print the book into _build/html/pooling-executed.pdf, through Chromium
	PYTHONPATH=src $(BIN)/python -m book.pdf

cover: $(INSTALLED) ## draw the landing page's picture and the card anew
	PYTHONPATH=src $(BIN)/python -m book.cover

links: $(INSTALLED) ## ask every address outside the book whether it still answers
	$(BIN)/jupyter-book build . --builder linkcheck --path-output _build/links

serve: book ## build the website and serve it on port 8000
	$(BIN)/python -m http.server --directory _build/html --bind 127.0.0.1 8000

lint: $(INSTALLED) ## check style
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

bench: $(INSTALLED) ## time pooling on this machine, record it for chapters 4 and 7
	PYTHONPATH=src $(BIN)/python -m book.bench

course: $(INSTALLED) ## write an nbgrader course: NAME=week1 CHAPTERS="1 3" SEED=secret PRIVATE=folder
	PYTHONPATH=src $(BIN)/python -m book.student course $(if $(NAME),--name "$(NAME)") \
	  $(if $(CHAPTERS),--chapters $(CHAPTERS)) $(if $(SEED),--seed "$(SEED)") \
	  $(if $(PRIVATE),--private "$(PRIVATE)")

$(INSTALLED): requirements.txt constraints.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -r requirements.txt -e .
	touch $@

.PHONY: help book test notebooks pdf cover links serve lint bench course
