"""Who: segments of people, as a SQL condition over what is known of each.

Who objects, is restricted, was erased or is not to be profiled is in none (COMPLIANCE.md G-10).
"""

from gateway.commerce.segments.file import load_segments
from gateway.commerce.segments.preview import Preview, preview
from gateway.commerce.segments.segment import Segment

__all__ = ["Preview", "Segment", "load_segments", "preview"]
