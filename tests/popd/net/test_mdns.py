"""Announcements are read, however odd, and only as many addresses as one host has."""

from hypothesis import given
from hypothesis import strategies as st

from popd.net.kademlia import network_key
from popd.net.mdns import MAX_ADDRESSES, addresses_in


def test_addresses_are_read_from_the_properties_of_a_service() -> None:
    found = addresses_in({b"network": b"main", b"a0": b"/ip4/192.0.2.1/tcp/1", b"a1": None})
    assert found == ("/ip4/192.0.2.1/tcp/1",)


@given(st.dictionaries(st.sampled_from([f"a{n}".encode() for n in range(9)]), st.binary()))
def test_no_announcement_is_stumbled_over(properties: dict[bytes, bytes | None]) -> None:
    assert len(addresses_in(properties)) <= MAX_ADDRESSES


def test_each_network_has_a_key_of_its_own_that_libp2p_takes_for_a_multihash() -> None:
    main, practice = (bytes.fromhex(network_key(name)) for name in ("main", "practice"))
    assert main != practice
    assert (main[:2], len(main)) == (b"\x12\x20", 34)
