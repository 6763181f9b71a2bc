"""Bring all notebooks up to date: python -m book

First those of the chapters, executed where their code changed, then the students'.
"""

import sys
from pathlib import Path

from book import export, student
from book.book import Book, BookError


def main(root: str = ".") -> int:
    book = Book(Path(root))
    try:
        for update in (export.update_all, student.update_all):
            for line in update(book):
                print(line, flush=True)
    except BookError as error:
        print(f"{error}\nThe notebook is left as it was.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
