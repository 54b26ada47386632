"""The only reader of the configuration and the environment (CONTRACT.md section 3).

`load` gives frozen `Settings` or names every fault; `compare` tells what of a file that was
changed can be taken up while running; `advise` says what may surprise.
"""

from gateway.settings.advice import advise
from gateway.settings.alarms import AlarmSettings, MailServer
from gateway.settings.backup import BackupSettings
from gateway.settings.broker import BridgeSettings, BrokerSettings, MqttSettings
from gateway.settings.changes import Changes, compare
from gateway.settings.database import DatabaseSettings
from gateway.settings.faults import Fault, FaultyConfigurationError
from gateway.settings.load import arm_failpoint, load, notify_socket, watchdog_seconds
from gateway.settings.model import (
    CarrierSettings,
    GatewaySettings,
    ModemSettings,
    RetentionSettings,
    Settings,
    StoreSettings,
)
from gateway.settings.pacing import LimitSettings
from gateway.settings.places import BrokerAddress
from gateway.settings.secrecy import secret_keys
from gateway.settings.web import ConsoleSettings, LinksSettings

__all__ = [
    "AlarmSettings",
    "BackupSettings",
    "BridgeSettings",
    "BrokerAddress",
    "BrokerSettings",
    "CarrierSettings",
    "Changes",
    "ConsoleSettings",
    "DatabaseSettings",
    "Fault",
    "FaultyConfigurationError",
    "GatewaySettings",
    "LimitSettings",
    "LinksSettings",
    "MailServer",
    "ModemSettings",
    "MqttSettings",
    "RetentionSettings",
    "Settings",
    "StoreSettings",
    "advise",
    "arm_failpoint",
    "compare",
    "load",
    "notify_socket",
    "secret_keys",
    "watchdog_seconds",
]
