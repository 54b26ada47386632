"""What every folder of tests has."""

pytest_plugins = ["support.plugin"]
