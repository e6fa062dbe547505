"""What a shop may know about a person, and in which form it is compared and told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final
from unicodedata import normalize

import msgspec

from liandao_node.errors import InputFault
from liandao_node.limits import (
    NAME_CHARS_MAX,
    PERSON_CONSENTS_MAX,
    PERSON_MAIL_CHARS_MAX,
    PERSON_NOTE_CHARS_MAX,
    PERSON_PHONE_DIGITS_MAX,
    PERSON_PHONE_DIGITS_MIN,
)
from liandao_node.types import Millis

_MAIL: Final = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")
"""Only what is surely none is refused: whether an address is good, a message to it tells."""


class Purpose(IntEnum):
    """What a person may agree to, each for itself."""

    RECEIPTS = 1
    """Receipts and account statements by message."""
    OFFERS = 2
    STATISTICS = 3


class Consent(msgspec.Struct, frozen=True):
    """A word of the person: yes or no to one purpose."""

    purpose: Purpose
    given: bool
    at_ms: Millis
    wording: int
    """Version of the text that the person read."""


class Person(msgspec.Struct, frozen=True):
    """What the shop was told. Every field may be empty."""

    name: str = ""
    phone: str = ""
    note: str = ""
    mail: str = ""

    def filled_from(self, other: "Person") -> "Person":
        """With what the other one says where this one says nothing."""
        mine = msgspec.structs.asdict(self)
        theirs = msgspec.structs.asdict(other)
        return Person(**{field: said or theirs[field] for field, said in mine.items()})


class Kept(msgspec.Struct, frozen=True):
    """All that is kept about a person."""

    card: bytes
    """Also sealed in, so that a record put in another's place is noticed."""
    person: Person
    consents: list[Consent]
    """All that was ever said, the latest last: a proof of consent must outlive its end."""
    since_ms: Millis
    changed_ms: Millis

    def agreed(self, purpose: Purpose) -> bool:
        """Whether the person's last word on this purpose was yes."""
        said = [one.given for one in self.consents if one.purpose == purpose]
        return bool(said) and said[-1]


@dataclass(frozen=True, slots=True)
class Census:
    """How many people a shop knows, and how many of them agree to what."""

    people: int
    agreed: dict[Purpose, int]


def as_document(kept: Kept, **more: Mapping[str, int | str]) -> bytes:
    """All of it as JSON that a person can read, with ``more`` about her from elsewhere."""
    document = {
        "card": kept.card.hex(),
        "name": kept.person.name,
        "phone": kept.person.phone,
        "mail": kept.person.mail,
        "note": kept.person.note,
        "since_ms": kept.since_ms,
        "changed_ms": kept.changed_ms,
        "consents": [
            {
                "purpose": one.purpose.name.lower(),
                "given": one.given,
                "at_ms": one.at_ms,
                "wording": one.wording,
            }
            for one in kept.consents
        ],
        **more,
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def shortened(consents: list[Consent]) -> list[Consent]:
    """Without the oldest of very many, but never without the last word on a purpose."""
    last = {one.purpose: at for at, one in enumerate(consents)}
    spare = [at for at, _ in enumerate(consents) if at not in last.values()]
    gone = set(spare[: max(0, len(consents) - PERSON_CONSENTS_MAX)])
    return [one for at, one in enumerate(consents) if at not in gone]


def check(person: Person) -> None:
    """Raises InputFault ``PERSON_FIELD_LONG`` (``field``, ``most``), ``PHONE_FORM`` or
    ``MAIL_FORM``."""
    for field, text, most in (
        ("name", person.name, NAME_CHARS_MAX),
        ("mail", person.mail, PERSON_MAIL_CHARS_MAX),
        ("note", person.note, PERSON_NOTE_CHARS_MAX),
    ):
        if len(text) > most:
            raise InputFault("PERSON_FIELD_LONG", field=field, most=most)
    if person.phone:
        phone_digits(person.phone)
    if person.mail and not _MAIL.fullmatch(person.mail):
        raise InputFault("MAIL_FORM")


def phone_digits(phone: str) -> str:
    """The number as it is compared: digits, after a plus or two zeros those of the country. With
    and without the country they are two numbers: no list of countries is here to tell.

    Raises InputFault ``PHONE_FORM`` for what is no phone number.
    """
    plain = normalize("NFKC", phone)
    digits = "".join(one for one in plain if one.isdecimal() and one.isascii())
    others = {one for one in plain if not one.isdecimal()} - set(" +-()/.\u2010\u2013")
    if others or not PERSON_PHONE_DIGITS_MIN <= len(digits) <= PERSON_PHONE_DIGITS_MAX:
        raise InputFault("PHONE_FORM", least=PERSON_PHONE_DIGITS_MIN, most=PERSON_PHONE_DIGITS_MAX)
    return digits.removeprefix("00")
