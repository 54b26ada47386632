"""The broker, and who is at it: the gateway, and the bridge that speaks for shop systems."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from gateway.settings.places import BrokerUrl, ExistingFile, Folder, Listener, NewFile
from gateway.settings.secrets import SecretFile, reveal
from gateway.settings.section import Section
from gateway.settings.values import SystemUser, Words


class MqttSettings(Section):
    """``[mqtt]``: the broker."""

    url: BrokerUrl
    protocol: Literal["5", "3.1.1"] = "5"
    username: str | None = Field(default=None, examples=["gateway"])
    password: SecretStr | None = Field(default=None, examples=["…"])
    password_file: SecretFile | None = None
    ca_file: ExistingFile | None = None
    """Certificates that the broker's is checked against; the system's when absent."""

    @property
    def secret(self) -> str | None:
        """The password, from wherever it was given."""
        return reveal(self.password_file or self.password)


class BrokerSettings(Section):
    """``[broker]``: what `shopbell broker-config` writes for Mosquitto; the gateway needs none."""

    dir: Folder | None = None
    """Where its files are kept up to date when stores come and go; None: nowhere."""
    listen: Listener | None = None
    """Where it listens without TLS; None: where ``[mqtt] url`` looks for it on this machine."""
    tls_listen: Listener = Field(default="0.0.0.0:8883", examples=["0.0.0.0:8883"])
    """Where it listens with TLS, once there is a certificate."""
    cert_file: ExistingFile | None = Field(default=None, examples=["broker.pem"])
    key_file: ExistingFile | None = Field(default=None, examples=["broker.key"])
    user: SystemUser | None = None
    """Who Mosquitto runs as and may read the files; None: ``mosquitto`` where root asks."""
    reload: Words | None = Field(default=None, examples=[["systemctl", "reload", "mosquitto"]])
    """What makes Mosquitto read its files again."""

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.cert_file is None) is not (self.key_file is None):
            here, absent = ("cert", "key") if self.cert_file else ("key", "cert")
            raise ValueError(
                f'has a {here}_file without a {absent}_file; write {absent}_file = "broker.…"'
            )
        return self


class BridgeSettings(Section):
    """``[bridge]``: where `shopbell bridge` takes what shop systems tell over HTTP."""

    listen: Listener = Field(examples=["127.0.0.1:8027"])
    username: str | None = Field(default=None, examples=["bridge"])
    """What the broker knows the bridge by; it may tell events of every store and nothing else."""
    password: SecretStr | None = Field(default=None, examples=["…"])
    password_file: SecretFile | None = Field(default=None, examples=["bridge.password"])
    state: NewFile | None = Field(default=None, examples=["bridge.db"])
    """What it knows of products and refunds, to tell what changed; None: beside the file."""

    @property
    def secret(self) -> str | None:
        """The password, from wherever it was given."""
        return reveal(self.password_file or self.password)


class ShopSecrets(Section):
    """What proves to the bridge that a shop system speaks for a store."""

    shopify_secret: SecretStr | None = Field(default=None, examples=["…"])
    """That signs the webhooks of its shop at Shopify."""
    shopify_secret_file: SecretFile | None = Field(default=None, examples=["shopify.secret"])
    woocommerce_secret: SecretStr | None = Field(default=None, examples=["…"])
    """That signs the webhooks of its WooCommerce."""
    woocommerce_secret_file: SecretFile | None = Field(default=None, examples=["woo.secret"])
    segment_key: SecretStr | None = Field(default=None, examples=["…"])
    """The write key of its source at Segment or RudderStack."""
    segment_key_file: SecretFile | None = Field(default=None, examples=["segment.key"])

    @property
    def shopify(self) -> str | None:
        """The secret for Shopify, from wherever it was given."""
        return reveal(self.shopify_secret_file or self.shopify_secret)

    @property
    def woocommerce(self) -> str | None:
        """The secret for WooCommerce, from wherever it was given."""
        return reveal(self.woocommerce_secret_file or self.woocommerce_secret)

    @property
    def segment(self) -> str | None:
        """The write key, from wherever it was given."""
        return reveal(self.segment_key_file or self.segment_key)
