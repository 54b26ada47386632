"""What the notebooks and reports tell, as tables: counts, shares and money, with intervals.

Responsible for numbers and never for pictures (`scoring.plots`) or words. Tables that are told of
groups of people hide the small ones (`mask_small`).
"""

from scoring.analysis.masking import LEAST, mask_small

__all__ = ["LEAST", "mask_small"]
