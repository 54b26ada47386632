"""What a broker can do to us.

    ShopbellError
    └── BrokerError           the broker cannot be used now; the bridge comes back by itself
        ├── BrokerLostError   no connection, or the one there was is gone
        └── BrokerRefusedError  the broker answered and said no: credentials, client id, protocol

None of these leaves the bridge. aiomqtt's and paho's errors become one of them in
`gateway.mqtt.session` and nowhere else.
"""

from __future__ import annotations

from gateway.domain.errors import ShopbellError


class BrokerError(ShopbellError):
    """The broker cannot be used now."""


class BrokerLostError(BrokerError):
    """There is no connection to the broker, or the one there was is gone."""


class BrokerRefusedError(BrokerError):
    """The broker refused the connection; asking again soon will not change its mind."""
