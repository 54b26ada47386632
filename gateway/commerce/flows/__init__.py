"""Flows: what is sent by itself when something happens, such as a cart that is left.

An event of a shop sets off a run, once; when it is due its conditions are asked, it is decided, and
the conditions are asked once more when the message is handed over.
"""

from gateway.commerce.flows.flow import Flow, Trigger
from gateway.commerce.flows.loading import Flows, load_flows
from gateway.commerce.flows.parsing import parse_flow

__all__ = ["Flow", "Flows", "Trigger", "load_flows", "parse_flow"]
