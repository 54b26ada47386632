"""Statements on what the console keeps."""
