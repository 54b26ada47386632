"""How good the models are, beside their baselines, on the same rows, with intervals."""
