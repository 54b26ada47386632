"""Test messages between own lines: does what one sends reach another, and how soon?"""
