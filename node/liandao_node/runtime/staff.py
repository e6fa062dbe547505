"""The people of a shop, and who of them may approve what a cashier may not do alone (R21).

One small file in the data directory, so that all registers of the shop know the same people. It
holds names and slow hashes of PINs, never a PIN. The street learns nothing of it.
"""

import os
import unicodedata
from pathlib import Path
from typing import Final

import msgspec
import nacl.exceptions
import nacl.pwhash
import trio

from liandao_node.errors import InputFault, OperatorFault

FILE: Final = "staff.json"
NAME_CHARS_MAX: Final = 40
PIN_DIGITS_MIN: Final = 4
PIN_DIGITS_MAX: Final = 12
TRIES_MAX: Final = 5
"""Wrong PINs in a row until nobody's PIN is looked at for a while."""
LOCKED_S: Final = 60
HASH_OPS: Final = nacl.pwhash.argon2id.OPSLIMIT_INTERACTIVE
HASH_BYTES: Final = nacl.pwhash.argon2id.MEMLIMIT_INTERACTIVE


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    pin_hash: str
    """Empty for who may ask and not approve."""


def plain_name(name: str) -> str:
    """The same for all ways to write one name: case, width and spaces do not make two people."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def load_staff(data_dir: Path) -> list[Person]:
    """Nobody where there is no file. Raises OperatorFault ``STAFF_FILE_BAD``."""
    path = data_dir / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Person])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError) as error:
        raise OperatorFault("STAFF_FILE_BAD", path=str(path)) from error


def add_person(data_dir: Path, name: str, pin: str | None = None) -> None:
    """Names one more, or gives one another PIN; without one somebody may ask and not approve.
    Slow on purpose.

    Raises InputFault ``STAFF_NAME_BAD``, ``STAFF_PIN_FORM``, ``STAFF_PIN_TAKEN``.
    """
    shown = " ".join(unicodedata.normalize("NFC", name).split())
    if not shown or len(shown) > NAME_CHARS_MAX or not shown.isprintable():
        raise InputFault("STAFF_NAME_BAD", limit=NAME_CHARS_MAX)
    others = [o for o in load_staff(data_dir) if plain_name(o.name) != plain_name(shown)]
    _save(data_dir, [*others, Person(shown, "" if pin is None else _hashed(pin, others))])


def _hashed(pin: str, others: list[Person]) -> str:
    digits = plain_pin(pin)
    sound = digits.isascii() and digits.isdigit()
    if not sound or not PIN_DIGITS_MIN <= len(digits) <= PIN_DIGITS_MAX:
        raise InputFault("STAFF_PIN_FORM", least=PIN_DIGITS_MIN, most=PIN_DIGITS_MAX)
    if any(_fits(other, digits) for other in others):
        raise InputFault("STAFF_PIN_TAKEN")
    hashed = nacl.pwhash.argon2id.str(digits.encode(), opslimit=HASH_OPS, memlimit=HASH_BYTES)
    return hashed.decode()


def remove_person(data_dir: Path, name: str) -> None:
    """Raises InputFault ``APPROVER_UNKNOWN``."""
    before = load_staff(data_dir)
    after = [one for one in before if plain_name(one.name) != plain_name(name)]
    if len(after) == len(before):
        raise InputFault("STAFF_UNKNOWN", name=name)
    _save(data_dir, after)


def plain_pin(pin: str) -> str:
    """ASCII digits for full-width ones, without spaces."""
    return "".join(unicodedata.normalize("NFKC", pin).split())


class Staff:
    """The node's look at the file: it checks PINs, and slows down whoever guesses."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._wrong = 0
        self._locked_until = 0.0
        self._checking = trio.Lock()

    def people(self) -> list[Person]:
        return load_staff(self._data_dir)

    async def check(self, name: str, pin: str) -> None:
        """Returns if that is the PIN of that person.

        Raises OperatorFault ``APPROVERS_NONE``; InputFault ``APPROVER_UNKNOWN``,
        ``APPROVER_PIN_WRONG`` or ``APPROVER_PIN_LOCKED``.
        """
        async with self._checking:  # one at a time: side by side would be tries for nothing
            people = {plain_name(one.name): one for one in self.people() if one.pin_hash}
            if not people:
                raise OperatorFault("APPROVERS_NONE")
            waiting = self._locked_until - trio.current_time()
            if waiting > 0:
                raise InputFault("APPROVER_PIN_LOCKED", seconds=int(waiting) + 1)
            person = people.get(plain_name(name))
            if person is None:
                raise InputFault("APPROVER_UNKNOWN", name=name)
            if await trio.to_thread.run_sync(_fits, person, plain_pin(pin)):
                self._wrong = 0
                return
            self._wrong += 1
            if self._wrong >= TRIES_MAX:
                self._wrong, self._locked_until = 0, trio.current_time() + LOCKED_S
                raise InputFault("APPROVER_PIN_LOCKED", seconds=LOCKED_S)
            raise InputFault("APPROVER_PIN_WRONG", name=person.name, tries=TRIES_MAX - self._wrong)


def _fits(person: Person, pin: str) -> bool:
    if not person.pin_hash:
        return False
    try:
        return nacl.pwhash.argon2id.verify(person.pin_hash.encode(), pin.encode())
    except (nacl.exceptions.InvalidkeyError, nacl.exceptions.ValueError):
        return False


def _save(data_dir: Path, people: list[Person]) -> None:
    path = data_dir / FILE
    beside = path.with_suffix(".new")
    document = msgspec.json.format(msgspec.json.encode(people), indent=2) + b"\n"
    descriptor = os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(document)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
