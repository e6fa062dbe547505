"""Who came twice, without knowing who: keyed digests with a salt that is thrown away.

A visitor is an address, a user agent and a site, hashed with the day's salt. When hits of that
day would come too late to count the salt is thrown away, and nobody, the shop included, can tell
any more whose views those were. Salts are made and forgotten by the runtime; here they are
handed in.
"""

from hashlib import blake2b
from typing import Final

from liandao_node.traffic.networks import parse_address
from liandao_node.wire.codec import encode

KEY_BYTES: Final = 16
SALT_BYTES: Final = 32


def visitor_key(salt: bytes, ip: str, user_agent: str, site: str) -> bytes:
    """16 bytes: equal for two requests of one household's browser to one site under one salt."""
    address = parse_address(ip)
    network = ip.encode() if address is None else address.subscriber
    return _keyed(b"ld-visitor", salt, (network, user_agent, site))


def customer_key(salt: bytes, source: str, customer: str, reference: str) -> bytes:
    """The same for the buyer of an order; an anonymous one is nobody else's visitor."""
    return _keyed(b"ld-customer", salt, (source, customer, "" if customer else reference))


def subject_key(salt: bytes, *parts: str) -> bytes:
    """16 bytes that stand for a page or an order."""
    return _keyed(b"ld-subject", salt, parts)


def _keyed(purpose: bytes, salt: bytes, parts: tuple[bytes | str, ...]) -> bytes:
    assert len(salt) == SALT_BYTES
    return blake2b(encode(parts), digest_size=KEY_BYTES, key=salt, person=purpose).digest()
