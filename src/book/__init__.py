"""Make the book: export chapters to notebooks, and serve both to Sphinx."""
