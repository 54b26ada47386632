"""Ways to the operator: SMS, e-mail, webhook."""

from gateway.alarms.channels.channel import Channel, ChannelError

__all__ = ["Channel", "ChannelError"]
