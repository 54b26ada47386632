"""What is measured, against what, with one command: ``python -m bench``. See docs/bench.md."""
