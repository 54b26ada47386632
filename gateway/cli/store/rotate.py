"""``shopbell store rotate``: a new password for a store."""

from __future__ import annotations

from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark
from gateway.cli.store.handing import hand_over_password, print_password
from gateway.cli.store.options import Name, ShowPassword
from gateway.cli.store.spreading import spread


def rotate(
    name: Name,
    show_password: ShowPassword = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Give a store a new password; the old one ends.

    Mosquitto knows one password of a user. When it reloads, it throws the store out until the store
    has the new one; what is published for it meanwhile is kept.
    """
    from gateway.stores import keeping

    kept = keeping.rotate(config, name)
    told = hand_over_password(config, name, kept, show=show_password)
    after = spread(config, kept.settings)
    if json:
        print_json(
            {"store": name, **told, "old_password_valid": not after.reloaded, **after.as_json()}
        )
    else:
        print_line(f"{name} has a new password")
        print_password(told)
    when = "now" if after.reloaded else "as soon as Mosquitto has reloaded"
    remark(f"the old password ends {when}")
    after.end()
