"""people.db and people-keys.db: what a shop keeps about people, and how it forgets them.

The street knows cards. Whose they are, one shop may know, if the person wanted it to: name, phone,
a note, and what the person agreed to, each purpose for itself with its time and the wording that
was read. None of it goes on the ledger, none to another shop.

Each person's record is sealed with a key of its own. people.db holds sealed records and nothing
else, people-keys.db the keys and what people are found by. To erase a person is to destroy the key
and all else that is in the second file; what backups of the first one still hold nobody can read.
What this is worth and what it is not: docs/storage.md, section 9.
"""

import hmac
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, Self

import apsw
import msgspec
import nacl.exceptions
import nacl.secret
import nacl.utils

from liandao_node.errors import StorageFault
from liandao_node.store.database import Schema, open_database, storage_faults, transaction
from liandao_node.store.people_forms import (
    Census,
    Consent,
    Kept,
    Person,
    Purpose,
    as_document,
    check,
    phone_digits,
    shortened,
)
from liandao_node.types import CardId, Millis

RECORDS: Final = Schema(
    "people.db",
    0x4C445031,
    ("CREATE TABLE person (card BLOB PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID",),
)
KEYS: Final = Schema(
    "people-keys.db",
    0x4C444B31,
    (
        """
        CREATE TABLE search_key (key BLOB NOT NULL);
        CREATE TABLE person_key (
            card BLOB PRIMARY KEY, key BLOB NOT NULL, phone BLOB NOT NULL, tail BLOB NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX person_phone ON person_key (phone);
        CREATE INDEX person_tail ON person_key (tail);
        """,
    ),
)
KEY_BYTES: Final = nacl.secret.SecretBox.KEY_SIZE
TAIL_DIGITS: Final = 4
"""Of a phone number, which a cashier asks for."""
CARDS_PER_READ: Final = 500


class PeopleStore:
    """The two open files. For one thread at a time; every call blocks."""

    def __init__(self, records: Path, keys: Path, vfs: str | None) -> None:
        _require_other(records, RECORDS, "person", keys, KEYS)
        _require_other(keys, KEYS, "person_key", records, RECORDS)
        self._records = _open(records, RECORDS, vfs)
        try:
            self._keys = _open(keys, KEYS, vfs)
        except BaseException:
            self._records.close()
            raise
        try:
            self._search_key = self._own_search_key()
            self._drop_leftovers()
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, records: Path, keys: Path, *, vfs: str | None = None) -> Self:
        """Opens both files, or makes empty ones.

        Raises what `open_database` raises, and StorageFault ``DATABASE_MISSING`` if one of them
        is gone and the other one knows people: to begin anew would be to forget them all.
        """
        return cls(records, keys, vfs)

    def close(self) -> None:
        self._records.close()
        self._keys.close()

    # --- what is known ---

    def find(self, card: CardId) -> Kept | None:
        """What is kept about the person with this card.

        Raises StorageFault ``DATABASE_DAMAGED`` for a record that its key does not open.
        """
        with storage_faults(KEYS.name):
            key: bytes | None = self._keys.execute(
                "SELECT key FROM person_key WHERE card = ?", (card,)
            ).get
        if key is None:
            return None
        with storage_faults(RECORDS.name):
            sealed: bytes | None = self._records.execute(
                "SELECT sealed FROM person WHERE card = ?", (card,)
            ).get
        return _opened(card, key, sealed) if sealed is not None else None

    def by_phone(self, phone: str) -> list[CardId]:
        """Cards of the people who gave this number."""
        return self._by("phone", self._hash(b"phone", phone_digits(phone)))

    def by_tail(self, digits: str) -> list[CardId]:
        """Cards of the people whose number ends in these four digits."""
        return self._by("tail", self._hash(b"tail", digits))

    def agreed(self, card: CardId, purpose: Purpose) -> bool:
        """Whether the person's last word on this purpose was yes."""
        kept = self.find(card)
        return kept is not None and kept.agreed(purpose)

    def cards(self, after: bytes, most: int) -> list[CardId]:
        """Cards of people, those after that one, at most so many, in their order."""
        sql = "SELECT card FROM person WHERE card > ? ORDER BY card LIMIT ?"
        with storage_faults(RECORDS.name):
            return [CardId(card) for (card,) in self._records.execute(sql, (after, most))]

    def census(self) -> Census:
        """Counts all, without telling of anybody. Opens every record."""
        agreed = dict.fromkeys(Purpose, 0)
        people = 0
        for kept in self._after(b""):
            people += 1
            for purpose in Purpose:
                agreed[purpose] += kept.agreed(purpose)
        return Census(people, agreed)

    def agreeing(self, purpose: Purpose, after: bytes, most: int) -> list[Kept]:
        """People who agree to this purpose and whose cards come after that one, at most so many.
        There is no list of the others: for what should it be?"""
        found = (kept for kept in self._after(after) if kept.agreed(purpose))
        return list(islice(found, most))

    def export(self, card: CardId) -> bytes | None:
        """All that is kept about a person, as JSON that a person can read; None for nobody.

        The keyed hashes by which people are found are made of the phone number and tell no more.
        """
        kept = self.find(card)
        if kept is None:
            return None
        return as_document(kept)

    def __len__(self) -> int:
        with storage_faults(RECORDS.name):
            count: int = self._records.execute("SELECT count(*) FROM person").get
        return count

    # --- what changes ---

    def write(self, card: CardId, person: Person, now_ms: Millis) -> None:
        """Keeps what a person told, in place of what was kept; consents stay.

        Raises InputFault ``PERSON_FIELD_LONG`` (``field``, ``most``), ``PHONE_FORM`` or
        ``MAIL_FORM``.
        """
        check(person)
        before = self.find(card)
        consents, since_ms = (before.consents, before.since_ms) if before else ([], now_ms)
        self._keep(Kept(card, person, consents, since_ms, now_ms))

    def say(self, card: CardId, consent: Consent) -> None:
        """Notes a word of the person. Of very many the oldest go, but never the last of a
        purpose."""
        before = self.find(card) or Kept(card, Person(), [], consent.at_ms, consent.at_ms)
        consents = shortened([*before.consents, consent])
        self._keep(Kept(card, before.person, consents, before.since_ms, consent.at_ms))

    def move(self, old: CardId, new: CardId, now_ms: Millis) -> None:
        """The person has another card. Of a person who is known by both the new card's fields
        count where they say something, and the words of both are kept in the order of time."""
        kept = self.find(old)
        if kept is None or old == new:
            return
        other = self.find(new) or Kept(new, Person(), [], now_ms, now_ms)
        person = other.person.filled_from(kept.person)
        said = sorted([*kept.consents, *other.consents], key=lambda one: one.at_ms)
        since_ms = Millis(min(kept.since_ms, other.since_ms))
        self._keep(Kept(new, person, shortened(said), since_ms, now_ms))
        self.erase(old)

    def erase(self, card: CardId) -> bool:
        """Forgets a person for good; whether there was one.

        When it returns, neither the record nor its key nor what it was found by is in a file or a
        log of the two; a crash in between leaves a record without a key, which the next opening
        drops. Backups of people-keys.db are the caller's to overwrite.
        """
        known = self._knows(card)
        self._forget([card])
        return known

    # --- inside ---

    def _after(self, card: bytes) -> Iterator[Kept]:
        """Everybody whose card comes after that one, in the order of cards."""
        while cards := self.cards(card, CARDS_PER_READ):
            yield from (kept for one in cards if (kept := self.find(one)) is not None)
            card = cards[-1]

    def _knows(self, card: bytes) -> bool:
        with storage_faults(KEYS.name):
            sql = "SELECT 1 FROM person_key WHERE card = ?"
            return self._keys.execute(sql, (card,)).get is not None

    def _forget(self, cards: Iterable[bytes]) -> None:
        """Keys first: without them nobody reads the rest."""
        rows = [(card,) for card in cards]
        for connection, file, table in (
            (self._keys, KEYS.name, "person_key"),
            (self._records, RECORDS.name, "person"),
        ):
            with transaction(connection, file):
                connection.executemany(f"DELETE FROM {table} WHERE card = ?", rows)  # noqa: S608  # ours
            _scrub(connection, file)

    def _keep(self, kept: Kept) -> None:
        """The key first: a record without one is a leftover."""
        phone = kept.person.phone
        digits = phone_digits(phone) if phone else ""
        hashes = (
            self._hash(b"phone", digits) if digits else b"",
            self._hash(b"tail", digits[-TAIL_DIGITS:]) if digits else b"",
        )
        sql = """INSERT INTO person_key VALUES (?, ?, ?, ?) ON CONFLICT (card)
                 DO UPDATE SET phone = excluded.phone, tail = excluded.tail RETURNING key"""
        fresh = nacl.utils.random(KEY_BYTES)
        with transaction(self._keys, KEYS.name):
            key: bytes = self._keys.execute(sql, (kept.card, fresh, *hashes)).get
        sealed = bytes(nacl.secret.SecretBox(key).encrypt(msgspec.msgpack.encode(kept)))
        with transaction(self._records, RECORDS.name):
            self._records.execute(
                "INSERT OR REPLACE INTO person VALUES (?, ?)", (kept.card, sealed)
            )

    def _by(self, column: str, wanted: bytes) -> list[CardId]:
        sql = f"SELECT card FROM person_key WHERE {column} = ? ORDER BY card"  # noqa: S608  # ours
        with storage_faults(KEYS.name):
            return [CardId(card) for (card,) in self._keys.execute(sql, (wanted,))]

    def _hash(self, kind: bytes, digits: str) -> bytes:
        """Keyed: without the key of this shop's file it can neither be made nor guessed."""
        return hmac.digest(self._search_key, kind + b"\0" + digits.encode(), "sha256")

    def _own_search_key(self) -> bytes:
        with transaction(self._keys, KEYS.name):
            found: bytes | None = self._keys.execute("SELECT key FROM search_key").get
            if found is None:
                found = nacl.utils.random(KEY_BYTES)
                self._keys.execute("INSERT INTO search_key VALUES (?)", (found,))
        return found

    def _drop_leftovers(self) -> None:
        """Records without a key (an erasure cut short, a backup put back) and keys without a
        record (a first entry cut short)."""
        cards = set(_cards(self._records, RECORDS.name, "person"))
        keys = set(_cards(self._keys, KEYS.name, "person_key"))
        if cards != keys:
            self._forget(sorted(cards ^ keys))


def _open(path: Path, schema: Schema, vfs: str | None) -> apsw.Connection:
    connection = open_database(path, schema, synchronous="FULL", create=True, vfs=vfs)
    with storage_faults(schema.name):
        # What is deleted is overwritten, and no page of it is spilt into a file elsewhere.
        connection.pragma("secure_delete", True)
        connection.pragma("temp_store", "memory")
    return connection


def _require_other(path: Path, schema: Schema, table: str, other: Path, missing: Schema) -> None:
    """Refuses to go on without the other file if this one knows people. Before the other one is
    made: the next opening would take it for one that was always empty."""
    if path.exists() and not other.exists():
        connection = _open(path, schema, None)
        knows = any(True for _ in _cards(connection, schema.name, table))
        connection.close()
        if knows:
            raise StorageFault("DATABASE_MISSING", file=missing.name)


def _scrub(connection: apsw.Connection, file: str) -> None:
    """Leaves nothing of what was deleted: not in free room of pages, not in the log."""
    with storage_faults(file):
        connection.execute("VACUUM")
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)


def _cards(connection: apsw.Connection, file: str, table: str) -> Iterator[bytes]:
    with storage_faults(file):
        for (card,) in connection.execute(f"SELECT card FROM {table}"):  # noqa: S608  # ours
            yield card


def _opened(card: CardId, key: bytes, sealed: bytes) -> Kept:
    try:
        plain = nacl.secret.SecretBox(key).decrypt(sealed)
        kept = msgspec.msgpack.decode(plain, type=Kept)
    except (nacl.exceptions.CryptoError, ValueError) as error:
        raise StorageFault("DATABASE_DAMAGED", file=RECORDS.name, detail="sealed") from error
    if kept.card != card:
        raise StorageFault("DATABASE_DAMAGED", file=RECORDS.name, detail="another's record")
    return kept
