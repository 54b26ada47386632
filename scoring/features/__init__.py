"""What is known of a person at a cut-off, and nothing that came after it."""

from scoring.features.columns import FEATURES, NAMES, Feature
from scoring.features.scanners import is_scanner, scanners
from scoring.features.table import feature_rows, features

__all__ = ["FEATURES", "NAMES", "Feature", "feature_rows", "features", "is_scanner", "scanners"]
