"""The commands of ``shopbell score``: one file for each; the models are imported when they run."""
