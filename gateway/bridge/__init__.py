"""The bridge: what shop systems tell over HTTP becomes events over MQTT."""
