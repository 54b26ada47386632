"""The pages of the console."""

from gateway.web.console.pages import install_console

__all__ = ["install_console"]
