"""What the models of scoring are measured on: ``python -m bench.scoring NAME``."""
