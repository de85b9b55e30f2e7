"""Who counts as one client: an address, or the network that one IPv6 connection has to itself."""

import pytest

from certificates.services.rate_limits import client_hash


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::2%eth0"),
    ],
)
def test_addresses_of_one_client_count_together(one: str, other: str):
    assert client_hash(one) == client_hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("2001:db8:1:2::1", "2001:db8:1:3::1"), ("192.0.2.7", "192.0.2.8"), ("", "192.0.2.7")],
)
def test_addresses_of_two_clients_do_not(one: str, other: str):
    assert client_hash(one) != client_hash(other)
