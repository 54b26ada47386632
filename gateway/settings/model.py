"""The sections and keys there are (CONTRACT.md section 3), with their defaults."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from gateway.domain.caps import DEFAULT_CAPS
from gateway.domain.ids import AUTO_PORT, LineId, carrier_line
from gateway.domain.inbound import INBOUND_WAIT_S
from gateway.domain.purpose import Purpose
from gateway.domain.rate import Rate
from gateway.domain.zones import zone_of_country
from gateway.settings.alarms import AlarmSettings, Number
from gateway.settings.backup import BackupSettings
from gateway.settings.broker import BridgeSettings, BrokerSettings, MqttSettings, ShopSecrets
from gateway.settings.database import DatabaseSettings
from gateway.settings.pacing import Budgeted, LimitSettings
from gateway.settings.places import (
    ApiUrl,
    ExistingFile,
    Folder,
    Port,
)
from gateway.settings.secrets import Pin, PinFile, TokenFile, reveal
from gateway.settings.section import Section
from gateway.settings.sources import sources
from gateway.settings.values import (
    Account,
    Amount,
    Answers,
    Brand,
    Caps,
    Carrier,
    Count,
    Country,
    Currency,
    HelpContact,
    Hosts,
    Interval,
    Language,
    Mention,
    Modem,
    Networks,
    Node,
    Pace,
    Pattern,
    Prefixes,
    Price,
    Prices,
    Purposes,
    Seconds,
    Sender,
    Store,
    Tags,
    Unit,
    UssdText,
    Words,
    Zone,
    is_name,
)
from gateway.settings.web import ConsoleSettings, LinksSettings

DEFAULT_RATE: Final = Rate.parse("20/min")
"""What operators in Europe tolerate from one SIM (MODEMS.md)."""

DEFAULT_CARRIER_RATE: Final = Rate.parse("1/s")
"""What providers let one plain number send; more is a matter of contract."""

DEFAULT_LINE_WAIT: Final = 600.0
"""Seconds: a stick that hangs is mostly back by then, and so is one that somebody plugs elsewhere;
nobody wants an answer about an order much later than that."""

_PATTERN: Final = r"balance_pattern = 'Balance: (?P<amount>[\d.,]+)'"


class GatewaySettings(Section):
    """``[gateway]``: this box."""

    node: Node
    country: Country
    timezone: Zone | None = None
    submit_timeout: Seconds = Field(default=180, ge=1)
    """Seconds that a line waits for +CMGS after Ctrl-Z."""
    resend_unconfirmed_after: Seconds = Field(default=3600, ge=0)
    """Seconds without a report after which a transactional job in doubt is sent again."""
    inbound_wait: Seconds = Field(default=INBOUND_WAIT_S, ge=60)
    """Seconds that the parts of a long message from a person are waited for."""
    currency: Currency | None = None
    """In which the prices of its lines are; ISO 4217. None: where no line has one."""
    line_wait: Seconds = Field(default=DEFAULT_LINE_WAIT, ge=0)
    """Seconds that what is to go out on the line that a person knows waits while it is away."""
    tenancy: Literal["own_business", "service_for_others"] = "own_business"
    """Whose messages it sends (COMPLIANCE SIM-3)."""
    grace: Seconds = Field(default=60, ge=0)
    """Seconds that stopping waits for what is at a modem."""
    trace_dir: Folder | None = None
    """Where every modem's dialogue is recorded, redacted; None: nowhere."""
    sysfs: Folder = Path("/sys")
    """Where the kernel shows the USB sticks; a container may have it elsewhere."""

    @property
    def for_others(self) -> bool:
        """Whether it sends for businesses other than its operator's."""
        return self.tenancy == "service_for_others"

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose midnight begins a SIM's day."""
        return self.timezone or zone_of_country(self.country)


class RetentionSettings(Section):
    """``[retention]``: how long what is kept of persons is kept (COMPLIANCE G-12)."""

    text_days: Annotated[int, Field(ge=1, le=365)] = 90
    delivery_months: Annotated[int, Field(ge=2, le=36)] = 13
    prospect_months: Annotated[int, Field(ge=1, le=36)] = 36
    evidence_months: Annotated[int, Field(ge=60, le=240)] = 60
    letter_days: Annotated[int, Field(ge=1, le=90)] = 30
    trace_days: Annotated[int, Field(ge=1, le=365)] = 30
    archive_days: Annotated[int, Field(ge=2, le=365)] = 7
    """Days after its end in which a job stays among those at work; not how long it is kept. Fewer
    than two would take from the daily limits of a SIM what they count."""


class ModemSettings(Budgeted):
    """One ``[[modem]]``."""

    name: Modem
    port: Port
    number: Number | None = None
    """The SIM's own, by which other lines test it; None: they do not."""
    rate: Pace = DEFAULT_RATE
    jitter: bool = True
    """Whether its pauses vary as a person's do; the mean is that of its rate."""
    pin: Pin | None = Field(default=None, examples=["1234"])
    pin_file: PinFile | None = None
    routes: Prefixes = ()
    """Prefixes of the numbers it serves; none: every number."""
    networks: Networks = frozenset()
    """Operators whose subscribers it serves, by the number plan; none: everybody's."""
    tags: Tags = frozenset()
    """What stores may ask for in ``line_tags``."""
    cost: Price = Decimal(0)
    """Of a part, in the gateway's currency."""
    costs: Prices = Field(default_factory=dict)
    """Of a part by prefix of the number, where it is another than ``cost``."""
    country: Country | None = None
    """Where the SIM is from if its network does not tell; None: the gateway's."""
    tariff_permits_bulk: Literal["yes", "no", "unknown"] = "unknown"
    """Whether the SIM's contract permits marketing (COMPLIANCE SIM-1)."""
    unique_recipient_limit: Count | None = None
    """Persons that the SIM writes to in a local day; None: no limit but the law's."""
    receives: bool = True
    """Whether what persons answer reaches it (COMPLIANCE US-6)."""
    usb_reset: bool = False
    """Whether a modem that nothing else brings back is taken off its bus and put back."""
    power_command: Words | None = None
    """What cuts its power and gives it back, as the last resort."""
    hang_up: bool = False
    """Whether calls that arrive are ended."""
    balance_request: UssdText | None = None
    """What a prepaid SIM's network is asked for the balance."""
    balance_pattern: Pattern | None = None
    """Finds the amount in its answer."""
    balance_unit: Unit = ""
    balance_minimum: Amount | None = None
    """Below it a person is called."""
    balance_every: Interval = 86_400
    """Seconds between two questions."""

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        """Refuse half of a balance, which would be watched by nobody."""
        if self.balance_request and not self.balance_pattern:
            raise ValueError(f"has a balance_request without a balance_pattern; write {_PATTERN}")
        others = {key for key in self.model_fields_set if key.startswith("balance_")}
        if others and not self.balance_request:
            first = min(others)
            raise ValueError(f'has {first} without a balance_request; write one such as "*100#"')
        return self

    @property
    def auto(self) -> bool:
        """True for the entry that stands for every stick that no other entry names."""
        return self.port == AUTO_PORT

    @property
    def secret(self) -> str | None:
        """The SIM's PIN, from wherever it was given."""
        return reveal(self.pin_file or self.pin)


class CarrierSettings(Budgeted):
    """One ``[[carrier]]``: what may not go over a SIM goes out by it (COMPLIANCE SIM-5)."""

    name: Carrier
    url: ApiUrl
    """What comes before ``/Accounts``."""
    account: Account
    token: SecretStr | None = Field(default=None, examples=["…"])
    token_file: TokenFile | None = None
    sender: Sender
    """Whom persons see and answer."""
    routes: Prefixes = ()
    """Prefixes of the numbers it serves; none: every number."""
    rate: Pace = DEFAULT_CARRIER_RATE
    cost: Price = Decimal(0)
    """Of a part, in the gateway's currency."""
    costs: Prices = Field(default_factory=dict)
    """Of a part by prefix of the number, where it is another than ``cost``."""
    purposes: Purposes = frozenset(Purpose)
    """Of the jobs that it takes."""
    ca_file: ExistingFile | None = None
    """Certificates that the provider's is checked against; the system's when absent."""

    @model_validator(mode="after")
    def _usable(self) -> Self:
        """Refuse a carrier without a token, and marketing that nobody can answer with STOP."""
        if self.secret is None:
            raise ValueError('has no token; write token_file = "carrier.token"')
        if Purpose.MARKETING in self.purposes and is_name(self.sender):
            raise ValueError(
                "has a name as its sender, which nobody can answer with STOP; write a number, or "
                'purposes = ["otp", "transactional"]'
            )
        return self

    @property
    def line(self) -> LineId:
        """The line that it is."""
        return carrier_line(self.name)

    @property
    def secret(self) -> str | None:
        """The token, from wherever it was given."""
        return reveal(self.token_file or self.token)


class StoreSettings(ShopSecrets):
    """One ``[[store]]``."""

    name: Store
    country: Country
    timezone: Zone
    brand: Brand | None = None
    """By what name persons know it; its `name` when absent (COMPLIANCE E-2)."""
    opt_out_mention: Mention | None = None
    """How its marketing offers an opt-out; when absent, in the words of the text's language."""
    help_contact: HelpContact | None = None
    """Where persons get help; the answer to HELP says it (COMPLIANCE US-8)."""
    wording: Literal["warn", "require"] = "warn"
    """Whether a text that may not go out is told in the log, or its job refused."""
    line_tags: Tags = frozenset()
    """Its jobs go out on lines with one of these tags alone; none: on all lines."""
    shop_dir: Folder | None = None
    """Where its templates, segments, flows, campaigns and coupons lie; None: nowhere."""
    currency: Currency | None = None
    """In which its orders are, ISO 4217; None: the gateway's."""
    language: Language = "en"
    """Of its texts for persons of whom no language is known, or none that it writes in."""
    link_hosts: Hosts = frozenset()
    """Where links in its texts may lead, beside to what it tells in its events."""
    answers: Answers = frozenset()
    """Simple questions of persons that are answered from what is known; none: none is."""
    consent_texts: Folder | None = None
    """Where the wordings lie that its customers consent to; None: nowhere."""
    caps: Caps = DEFAULT_CAPS
    """Of marketing, for each person; an empty list is none but the law's."""


class Settings(BaseSettings):
    """Everything that an operator can set. Read it with `gateway.settings.load`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="SHOPBELL_",
        env_nested_delimiter="__",
        enable_decoding=False,  # a variable holds what the file would hold, never JSON
    )

    gateway: GatewaySettings
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    mqtt: MqttSettings
    broker: BrokerSettings = Field(default_factory=BrokerSettings)
    bridge: BridgeSettings | None = None
    console: ConsoleSettings | None = None
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    links: LinksSettings = Field(default_factory=LinksSettings)
    alarms: AlarmSettings = Field(default_factory=AlarmSettings)
    backup: BackupSettings = Field(default_factory=BackupSettings)
    modem: tuple[ModemSettings, ...] = ()
    carrier: tuple[CarrierSettings, ...] = ()
    store: tuple[StoreSettings, ...] = ()
    limit: tuple[LimitSettings, ...] = ()

    @property
    def sim_countries(self) -> list[str]:
        """Where the SIM of each named modem is from, as far as it is said; ISO 3166 alpha-2."""
        return [one.country or self.gateway.country for one in self.modem if not one.auto]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment over the file, and nothing else."""
        return sources(settings_cls)


SECTIONS: Final[dict[str, type[Section]]] = {
    "gateway": GatewaySettings,
    "database": DatabaseSettings,
    "mqtt": MqttSettings,
    "broker": BrokerSettings,
    "bridge": BridgeSettings,
    "console": ConsoleSettings,
    "retention": RetentionSettings,
    "links": LinksSettings,
    "alarms": AlarmSettings,
    "backup": BackupSettings,
    "modem": ModemSettings,
    "carrier": CarrierSettings,
    "store": StoreSettings,
    "limit": LimitSettings,
}
"""The tables of the file by name."""
