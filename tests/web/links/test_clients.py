"""Who asks how often is known for a while, and no address is."""

from __future__ import annotations

from gateway.web.links.clients import BURST, MISS_BURST, MOST_CLIENTS, WINDOW, Clients

ADDRESS = "192.0.2.1"


def spend(clients: Clients, address: str = ADDRESS, at: float = 0.0) -> int:
    """Ask until one is refused; return how often one was answered."""
    count = 0
    while clients.allow(address, at):
        count += 1
    return count


def test_a_client_is_answered_so_often_and_again_after_a_rest() -> None:
    clients = Clients()
    assert spend(clients) == BURST
    assert spend(clients, at=1.0) == 20
    assert spend(clients, at=1000.0) == BURST


def test_one_client_is_not_in_anothers_way() -> None:
    clients = Clients()
    spend(clients)
    assert clients.allow("192.0.2.2", 0.0)


def test_a_network_of_ipv6_is_one_client() -> None:
    clients = Clients()
    spend(clients, "2001:db8::1")
    assert not clients.allow("2001:db8::ffff:1", 0.0)
    assert clients.allow("2001:db8:0:1::1", 0.0)


def test_who_guesses_waits_longer_than_who_asks() -> None:
    clients = Clients()
    for _ in range(int(MISS_BURST)):
        assert clients.allow(ADDRESS, 0.0)
        clients.missed(ADDRESS, 0.0)
    assert not clients.allow(ADDRESS, 1.0)
    assert clients.allow(ADDRESS, 3.0)


def test_different_links_count_and_the_same_does_not_and_old_ones_are_forgotten() -> None:
    clients = Clients()
    assert [clients.opened(ADDRESS, "a", token, 0.0) for token in "xyx"] == [1, 2, 2]
    assert clients.opened(ADDRESS, "another browser", "x", 0.0) == 1
    assert clients.opened(ADDRESS, "a", "z", WINDOW + 1) == 1


def test_what_is_remembered_is_bounded_and_holds_no_address() -> None:
    clients = Clients()
    for number in range(MOST_CLIENTS + 10):
        clients.allow(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 0.0)
    for number in range(100):
        clients.opened(ADDRESS, "a", str(number), 0.0)
    assert len(clients) == MOST_CLIENTS
    assert "192.0.2.1" not in repr(list(clients._known.items()))
    assert clients.opened(ADDRESS, "a", "last", 0.0) <= 33


def test_what_is_no_address_is_a_client_too() -> None:
    assert Clients().allow("", 0.0)
