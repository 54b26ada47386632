"""The pages of the console."""

from gateway.web.console.faults import fault_page
from gateway.web.console.pages import install_console

__all__ = ["fault_page", "install_console"]
