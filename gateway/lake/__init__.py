"""The lake: the pseudonymised export for analysts, and the scores that come back from them.

Needs pyarrow, which comes with the extra ``scoring``.
"""
