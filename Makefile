# To GNU make a variable that nobody uses, to BSD make the end with these words:
.error = This is written for GNU make, often called gmake
VENV ?= .venv
# The environment's own Python once there is one: naming another is a wish to change it.
PYTHON ?= $(shell test -x "$(VENV)/bin/python" && echo "$(VENV)/bin/python" || echo python3)
# Installs what is missing, then runs a command of .venv; one at a time in this folder.
IN = "$(PYTHON)" install.py "$(VENV)"
BIN = "$(VENV)/bin"
# Paths of a user's own Python stay outside, and files are UTF-8 in every locale.
unexport PYTHONPATH
notebooks pdf handouts cover bench course collect grade grades feedback gradescope: export PYTHONPATH = src
export PYTHONUTF8 = 1

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

book: ## install what is needed, build the website into _build/html
	$(IN) jupyter-book build . -W -n --keep-going

test: ## install what is needed, run every test and every notebook again
	$(IN)
	OMP_NUM_THREADS=1 $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

notebooks: ## export the chapters, execute those whose code changed
	$(IN) python -m book

pdf: book ## print the book into _build/html/pooling-executed.pdf, through Chromium
	$(IN) python -m tools.pdf

handouts: book ## put slides, the exercise sheet and the solution sheet into _build/html
	$(IN) python -m tools.handouts

cover: ## draw the landing page's picture and the card anew
	$(IN) python -m tools.cover

links: ## ask every address outside the book whether it still answers
	$(IN) jupyter-book build . --builder linkcheck --path-output _build/links

serve: book ## build the website and serve it on port 8000
	$(BIN)/python -m http.server --directory _build/html --bind 127.0.0.1 8000

lint: ## check style and types
	$(IN)
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy src/pooling src/lesson

bench: ## time pooling on this machine, record it for chapters 4 and 7
	$(IN) python -m tools.bench

# What these hold reaches Python through the environment as it was typed:
# neither make nor a shell reads it. Set here, since some shells have a NAME of their own.
NAME = pooling
CHAPTERS =
SEED =
PRIVATE =
FROM =
ROSTER =
FORCE =
COURSE = course
unexport NAME CHAPTERS SEED PRIVATE FROM ROSTER FORCE COURSE
CLASS = course collect grade grades feedback gradescope
$(CLASS): export COURSE_NAME = $(value NAME)
$(CLASS): export COURSE_CHAPTERS = $(value CHAPTERS)
$(CLASS): export COURSE_SEED = $(value SEED)
$(CLASS): export COURSE_PRIVATE = $(value PRIVATE)
$(CLASS): export COURSE_FROM = $(value FROM)
$(CLASS): export COURSE_ROSTER = $(value ROSTER)
$(CLASS): export COURSE_FORCE = $(value FORCE)
$(CLASS): export COURSE_FOLDER = $(value COURSE)
course: ## an assignment for a class: NAME=week1 CHAPTERS="1 3" SEED=secret PRIVATE=folder
	$(IN) python -m course course

collect: ## take in what an LMS exported: NAME=week1 FROM=submissions.zip
	$(IN) python -m course collect

grade: ## run the checks on what is new: NAME=week1
	$(IN) python -m course grade

grades: ## the marks as tables: NAME=week1 ROSTER=what-the-LMS-exported.csv
	$(IN) python -m course grades

feedback: ## a page for each notebook, in one archive: NAME=week1
	$(IN) python -m course feedback

gradescope: ## an archive that Gradescope takes as an autograder: NAME=week1
	$(IN) python -m course gradescope

pins: ## pin in constraints.txt what requirements.txt needs; with UPGRADE=1 the newest
	$(IN)
	$(BIN)/python -m pip install --quiet uv==0.13.9
	sed /^-c/d requirements.txt | $(BIN)/uv pip compile --quiet --universal --python-version 3.11.0 \
	  --fork-strategy fewest --no-annotate --custom-compile-command "make pins" \
	  $(if $(UPGRADE),--upgrade) --output-file constraints.txt - >/dev/null

.PHONY: help book test notebooks pdf handouts cover links serve lint bench course collect grade grades feedback gradescope pins
