"""What a shop keeps about people: found again, told in full, and forgotten for good."""

import json
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from liandao_node.errors import InputFault, StorageFault
from liandao_node.store.people import KEYS, PeopleStore
from liandao_node.store.people_forms import Consent, Kept, Person, Purpose
from liandao_node.types import CardId, Millis

ANNA = CardId(b"anna" * 4)
BO = CardId(b"bo##" * 4)
NOW = Millis(1_772_352_000_000)
TOLD = Person("Anna Lindqvist", "+46 70-123 45 67", "likes rye bread", "anna@example.org")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PeopleStore]:
    made = _open(tmp_path)
    yield made
    made.close()


def _open(folder: Path) -> PeopleStore:
    return PeopleStore.open(folder / "people.db", folder / "people-keys.db")


def _said(purpose: Purpose, given: bool, at_ms: int = NOW, wording: int = 1) -> Consent:
    return Consent(purpose, given, Millis(at_ms), wording)


def _bytes_on_disk(folder: Path) -> bytes:
    """Of both files, their logs and whatever else lies there."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def _key_of(folder: Path, card: CardId) -> bytes:
    """As somebody reads it who has the disk."""
    connection = apsw.Connection(str(folder / "people-keys.db"))
    try:
        key: bytes = connection.execute("SELECT key FROM person_key WHERE card = ?", (card,)).get
        return key
    finally:
        connection.close()


def _found_by(folder: Path, card: CardId) -> list[bytes]:
    connection = apsw.Connection(str(folder / "people-keys.db"))
    try:
        sql = "SELECT phone, tail FROM person_key WHERE card = ?"
        return list(next(iter(connection.execute(sql, (card,)))))
    finally:
        connection.close()


# --- known ---


def test_what_was_told_is_there_after_a_restart(tmp_path: Path) -> None:
    store = _open(tmp_path)
    store.write(ANNA, TOLD, NOW)
    store.say(ANNA, _said(Purpose.RECEIPTS, given=True))
    store.close()
    store = _open(tmp_path)
    assert store.find(ANNA) == Kept(ANNA, TOLD, [_said(Purpose.RECEIPTS, given=True)], NOW, NOW)
    assert store.find(BO) is None
    assert len(store) == 1
    store.close()


@pytest.mark.parametrize(
    "typed", ["+46701234567", "0046 70 123 45 67", "＋４６７０１２３４５６７", "+46 (70) 1234567"]
)
def test_a_person_is_found_by_the_phone_number(store: PeopleStore, typed: str) -> None:
    store.write(ANNA, TOLD, NOW)
    store.write(BO, Person("Bo", "+46 70 999 45 67"), NOW)
    assert store.by_phone(typed) == [ANNA]
    assert store.by_tail("4567") == [ANNA, BO]
    assert store.by_tail("0000") == []
    assert store.by_phone("0701234567") == [], "without the country it is another number"


def test_another_number_takes_the_place_of_the_first(store: PeopleStore) -> None:
    store.write(ANNA, TOLD, NOW)
    store.write(ANNA, Person("Anna", ""), Millis(NOW + 5))
    assert store.by_phone(TOLD.phone) == []
    assert store.by_tail("4567") == []
    kept = store.find(ANNA)
    assert kept is not None
    assert (kept.person, kept.since_ms, kept.changed_ms) == (Person("Anna"), NOW, NOW + 5)


def test_each_purpose_is_agreed_to_for_itself(store: PeopleStore) -> None:
    assert not store.agreed(ANNA, Purpose.OFFERS)
    store.say(ANNA, _said(Purpose.OFFERS, given=True))
    assert store.agreed(ANNA, Purpose.OFFERS)
    assert not store.agreed(ANNA, Purpose.RECEIPTS)
    store.say(ANNA, _said(Purpose.OFFERS, given=False, at_ms=NOW + 1))
    assert not store.agreed(ANNA, Purpose.OFFERS)
    store.write(ANNA, TOLD, NOW)
    kept = store.find(ANNA)
    assert kept is not None
    assert [one.given for one in kept.consents] == [True, False], "that she once agreed stays"


def test_of_very_many_words_the_last_of_each_purpose_stays(
    store: PeopleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liandao_node.store.people_forms.PERSON_CONSENTS_MAX", 4)
    store.say(ANNA, _said(Purpose.RECEIPTS, given=True))
    for number in range(9):
        store.say(ANNA, _said(Purpose.OFFERS, given=bool(number % 2), at_ms=NOW + number))
    kept = store.find(ANNA)
    assert kept is not None
    assert len(kept.consents) == 4
    assert store.agreed(ANNA, Purpose.RECEIPTS)
    assert [one.at_ms - NOW for one in kept.consents] == [0, 6, 7, 8]


def test_all_that_is_kept_can_be_told(store: PeopleStore) -> None:
    store.write(ANNA, TOLD, NOW)
    store.say(ANNA, _said(Purpose.STATISTICS, given=True, at_ms=NOW + 1, wording=3))
    told = store.export(ANNA)
    assert told is not None
    assert json.loads(told) == {
        "card": ANNA.hex(),
        "name": TOLD.name,
        "phone": TOLD.phone,
        "mail": TOLD.mail,
        "note": TOLD.note,
        "since_ms": NOW,
        "changed_ms": NOW + 1,
        "consents": [{"purpose": "statistics", "given": True, "at_ms": NOW + 1, "wording": 3}],
    }
    fields = {*Kept.__struct_fields__, *Person.__struct_fields__} - {"person"}
    assert set(json.loads(told)) == fields, "every field of the record is told"
    assert store.export(BO) is None


def test_a_person_goes_along_with_a_new_card(store: PeopleStore) -> None:
    store.write(ANNA, TOLD, NOW)
    store.say(ANNA, _said(Purpose.OFFERS, given=True, at_ms=NOW + 1))
    store.say(BO, _said(Purpose.OFFERS, given=False, at_ms=NOW + 2))
    store.write(BO, Person("Anna L."), NOW)
    store.move(ANNA, BO, Millis(NOW + 9))
    kept = store.find(BO)
    assert kept is not None
    assert kept.person == Person("Anna L.", TOLD.phone, TOLD.note, TOLD.mail)
    assert [one.at_ms for one in kept.consents] == [NOW + 1, NOW + 2]
    assert not store.agreed(BO, Purpose.OFFERS), "her last word counts"
    assert store.find(ANNA) is None
    assert store.by_phone(TOLD.phone) == [BO]
    store.move(BO, BO, NOW)
    store.move(ANNA, BO, NOW)
    assert store.find(BO) == kept


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (Person(name="x" * 81), "PERSON_FIELD_LONG"),
        (Person(note="x" * 501), "PERSON_FIELD_LONG"),
        (Person(phone="1234"), "PHONE_FORM"),
        (Person(phone="1" * 18), "PHONE_FORM"),
        (Person(phone="anna@example.org"), "PHONE_FORM"),
        (Person(mail="anna"), "MAIL_FORM"),
        (Person(mail="anna@example.org, bo@example.org"), "MAIL_FORM"),
        (Person(mail=f"anna@{'x' * 250}"), "PERSON_FIELD_LONG"),
    ],
)
def test_what_does_not_fit_is_not_kept(store: PeopleStore, person: Person, code: str) -> None:
    with pytest.raises(InputFault) as caught:
        store.write(ANNA, person, NOW)
    assert caught.value.code == code
    assert store.find(ANNA) is None


# --- unreadable ---


def test_no_plain_text_ever_lies_on_the_disk(tmp_path: Path) -> None:
    store = _open(tmp_path)
    store.write(ANNA, TOLD, NOW)
    disk = _bytes_on_disk(tmp_path)
    store.close()
    for plain in (*TOLD.name.split(), "rye bread", "46701234567", TOLD.phone, "4567", "anna@"):
        assert plain.encode() not in disk + _bytes_on_disk(tmp_path)


def test_the_same_number_in_two_shops_is_two_hashes(tmp_path: Path) -> None:
    found = []
    for name in ("baker", "grocer"):
        folder = tmp_path / name
        folder.mkdir()
        store = _open(folder)
        store.write(ANNA, TOLD, NOW)
        store.close()
        found += _found_by(folder, ANNA)
    assert len(set(found)) == 4


def test_a_record_in_anothers_place_is_noticed(tmp_path: Path, store: PeopleStore) -> None:
    store.write(ANNA, TOLD, NOW)
    store.write(BO, Person("Bo"), NOW)
    connection = apsw.Connection(str(tmp_path / "people.db"))
    sql = "UPDATE person SET sealed = (SELECT sealed FROM person WHERE card = ?) WHERE card = ?"
    connection.execute(sql, (BO, ANNA))
    connection.close()
    with pytest.raises(StorageFault, match="DATABASE_DAMAGED"):
        store.find(ANNA)
    keys = apsw.Connection(str(tmp_path / "people-keys.db"))
    keys.execute("UPDATE person_key SET key = (SELECT key FROM person_key WHERE card = ?)", (BO,))
    keys.close()
    with pytest.raises(StorageFault, match="another's record"):
        store.find(ANNA)


# --- forgotten ---


def test_after_erasing_neither_key_nor_record_is_in_a_file_or_log(tmp_path: Path) -> None:
    store = _open(tmp_path)
    others = [CardId(number.to_bytes(16, "big")) for number in range(20)]
    for number, card in enumerate(others):
        store.write(card, Person(f"Person {number}", f"+4670000{number:04d}"), NOW)
    store.write(ANNA, TOLD, NOW)
    store.say(ANNA, _said(Purpose.OFFERS, given=True))
    key, found_by = _key_of(tmp_path, ANNA), _found_by(tmp_path, ANNA)
    sealed = _sealed(tmp_path, ANNA)
    # The test would see them: in the file or in the log.
    before = _bytes_on_disk(tmp_path)
    assert all(secret in before for secret in (key, ANNA, *found_by, sealed))
    assert store.erase(ANNA)
    after = _bytes_on_disk(tmp_path)
    for secret in (key, ANNA, *found_by, sealed, TOLD.name.encode()):
        assert secret not in after
    assert store.find(ANNA) is None
    assert store.by_phone(TOLD.phone) == []
    assert not store.agreed(ANNA, Purpose.OFFERS)
    assert not store.erase(ANNA)
    assert len(store) == 20
    store.close()
    assert key not in _bytes_on_disk(tmp_path)


def _sealed(folder: Path, card: CardId) -> bytes:
    connection = apsw.Connection(str(folder / "people.db"))
    try:
        sealed: bytes = connection.execute("SELECT sealed FROM person WHERE card = ?", (card,)).get
        return sealed
    finally:
        connection.close()


def test_a_backup_of_the_records_brings_nobody_back(tmp_path: Path) -> None:
    store = _open(tmp_path)
    store.write(ANNA, TOLD, NOW)
    store.write(BO, Person("Bo"), NOW)
    store.close()
    backup = (tmp_path / "people.db").read_bytes()
    store = _open(tmp_path)
    store.erase(ANNA)
    store.close()
    (tmp_path / "people.db").write_bytes(backup)
    store = _open(tmp_path)
    assert store.find(ANNA) is None
    kept = store.find(BO)
    assert kept is not None
    assert kept.person.name == "Bo"
    assert len(store) == 1, "what nobody can read is dropped"
    store.close()


def test_a_first_entry_cut_short_leaves_no_key(tmp_path: Path) -> None:
    store = _open(tmp_path)
    store.write(BO, Person("Bo"), NOW)
    store.close()
    keys = apsw.Connection(str(tmp_path / "people-keys.db"))
    keys.execute("INSERT INTO person_key VALUES (?, ?, x'', x'')", (ANNA, b"k" * 32))
    keys.close()
    store = _open(tmp_path)
    assert b"k" * 32 not in _bytes_on_disk(tmp_path)
    assert store.find(BO) is not None
    store.close()


@pytest.mark.parametrize("lost", ["people.db", "people-keys.db"])
def test_a_lost_file_is_told_and_not_taken_for_an_empty_one(tmp_path: Path, lost: str) -> None:
    """Or all would be forgotten whose other half can still be put back."""
    store = _open(tmp_path)
    store.write(ANNA, TOLD, NOW)
    store.close()
    kept = (tmp_path / lost).read_bytes()
    (tmp_path / lost).unlink()
    for _ in range(2):
        with pytest.raises(StorageFault) as caught:
            _open(tmp_path)
        assert (caught.value.code, caught.value.facts["file"]) == ("DATABASE_MISSING", lost)
    (tmp_path / lost).write_bytes(kept)
    store = _open(tmp_path)
    assert store.find(ANNA) is not None
    store.close()


def test_the_key_of_searches_stays(tmp_path: Path, store: PeopleStore) -> None:
    store.write(ANNA, TOLD, NOW)
    store.erase(ANNA)
    store.write(BO, TOLD, NOW)
    assert KEYS.name == "people-keys.db"
    assert store.by_phone(TOLD.phone) == [BO]
    assert (tmp_path / KEYS.name).exists()
