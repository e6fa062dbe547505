"""What every message of the local API is made of."""

import msgspec


class ApiMessage(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Base of requests and replies; subclasses carry their name as tag."""
