"""What a shop keeps about people, through `Service.handle` of a lone node: told, agreed, forgotten,
and nowhere else."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import apsw
import pytest
from liandao_node.errors import InputFault, Refused, StorageFault
from liandao_node.limits import PEOPLE_FOUND_MAX
from liandao_node.runtime import people_desk
from liandao_node.wire.api import Enrolled, Request
from liandao_node.wire.card_care import CardMoved, MergeCards
from liandao_node.wire.codec import encode
from liandao_node.wire.people import (
    AgreeingPerson,
    AgreeingTold,
    AgreesTo,
    CorrectPerson,
    CountPeople,
    ErasePerson,
    FindPeople,
    GetAgreeing,
    GetPerson,
    NotePerson,
    PeopleCounted,
    PeopleFound,
    PersonErased,
    PersonFields,
    PersonTold,
    SayConsent,
)
from support.runtime_node import OneNode, found, heard, running_node, until

ANNA = PersonFields("Anna Lindqvist", "+46 70-123 45 67", "anna@example.org", "likes rye bread")
PLAIN = (b"Lindqvist", b"46701234567", b"123 45 67", b"anna@example", b"rye bread")


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


def named(name: str, phone: str = "") -> PersonFields:
    return PersonFields(name, phone, "", "")


async def noted(one: OneNode, person: PersonFields = ANNA) -> Enrolled:
    card = await one.card()
    await one.ask(NotePerson(card.card.code, person), PersonTold)
    return card


async def says(one: OneNode, code: str, purpose: AgreesTo, *, given: bool) -> PersonTold:
    return await one.ask(SayConsent(code, purpose, given, 1), PersonTold)


async def agreeing(one: OneNode, purpose: AgreesTo) -> AgreeingTold:
    return await one.ask(GetAgreeing(purpose, b""), AgreeingTold)


async def fault(one: OneNode, request: Request) -> str:
    with pytest.raises(InputFault) as caught:
        await one.node.service.handle(request)
    assert not any(plain in str(caught.value).encode() for plain in PLAIN)
    return caught.value.code


# --- told and corrected ---


async def test_what_was_told_is_shown_and_can_be_handed_over(one: OneNode) -> None:
    card = await noted(one)
    await one.sell(card.card.card, 50_000)
    await says(one, card.card.code, AgreesTo.OFFERS, given=True)
    for presented in (card.payload, card.card.code):
        told = await one.ask(GetPerson(presented), PersonTold)
        assert (told.code, told.person) == (card.card.code, ANNA)
    document = json.loads(told.document)
    assert document["ledger"]["points_available"] == 1_000, "what the street has under the card"
    assert document["consents"][0]["purpose"] == "offers"
    for field in PersonFields.__struct_fields__:
        assert document[field] == getattr(ANNA, field)


async def test_a_second_note_takes_nothing_away(one: OneNode) -> None:
    card = (await noted(one)).card
    first = await one.ask(GetPerson(card.code), PersonTold)
    await one.ask(NotePerson(card.code, ANNA), PersonTold)
    assert await one.ask(GetPerson(card.code), PersonTold) == first, "R12"
    assert await fault(one, NotePerson(card.code, named("Bo"))) == "PERSON_KNOWN"
    assert (await one.ask(GetPerson(card.code), PersonTold)).person == ANNA


async def test_a_correction_leaves_what_it_does_not_name(one: OneNode) -> None:
    card = (await noted(one)).card
    change = CorrectPerson(card.code, None, "", " a.l@example.org ", None)
    told = await one.ask(change, PersonTold)
    expected = PersonFields(ANNA.name, "", "a.l@example.org", ANNA.note)
    assert told.person == expected
    assert (await one.ask(FindPeople(ANNA.phone), PeopleFound)).people == []
    assert await fault(one, CorrectPerson(card.code, "x" * 81, None, None, None)) == (
        "PERSON_FIELD_LONG"
    )
    assert (await one.ask(GetPerson(card.code), PersonTold)).person == expected


async def test_nothing_is_kept_of_nobody(one: OneNode) -> None:
    code = (await one.card()).card.code
    assert await fault(one, NotePerson(code, PersonFields(" ", "", "", ""))) == "PERSON_EMPTY"
    assert await fault(one, GetPerson(code)) == "PERSON_UNKNOWN"
    assert await fault(one, CorrectPerson(code, "Anna", None, None, None)) == "PERSON_UNKNOWN"
    assert await fault(one, NotePerson(code, PersonFields("", "", "anna", ""))) == "MAIL_FORM"
    with pytest.raises(Refused, match="CARD_UNKNOWN"):
        await one.ask(NotePerson("00000000", ANNA), PersonTold)
    assert (await one.ask(CountPeople(), PeopleCounted)).people == 0


# --- found ---


async def test_people_are_found_by_number_and_never_all_of_them(one: OneNode) -> None:
    card = (await noted(one)).card
    for phone in (ANNA.phone, "0046701234567", "4567", "４５６７"):
        found_ = await one.ask(FindPeople(phone), PeopleFound)
        assert [(hit.code, hit.name) for hit in found_.people] == [(card.code, ANNA.name)]
        assert not found_.more
    assert (await one.ask(FindPeople("0000"), PeopleFound)).people == []
    assert await fault(one, FindPeople("Anna")) == "PHONE_FORM"
    for number in range(PEOPLE_FOUND_MAX):
        await noted(one, named("Bo", f"+4670{number:03d}4567"))
    found_ = await one.ask(FindPeople("4567"), PeopleFound)
    assert (len(found_.people), found_.more) == (PEOPLE_FOUND_MAX, True)


# --- agreed ---


async def test_only_who_agrees_to_a_purpose_is_listed_for_it(
    one: OneNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_desk, "PEOPLE_PER_REPLY_MAX", 1)
    codes = [(await noted(one, named(f"Person {n}"))).card.code for n in range(5)]
    for code in codes[:3]:
        await says(one, code, AgreesTo.OFFERS, given=True)
    await says(one, codes[3], AgreesTo.RECEIPTS, given=True)
    await says(one, codes[0], AgreesTo.OFFERS, given=False)
    counted = await one.ask(CountPeople(), PeopleCounted)
    assert counted.people == 5
    assert dict(counted.agreeing) == {
        AgreesTo.RECEIPTS: 1,
        AgreesTo.OFFERS: 2,
        AgreesTo.STATISTICS: 0,
    }
    listed: list[AgreeingPerson] = []
    after = b""
    while not listed or after:
        told = await one.ask(GetAgreeing(AgreesTo.OFFERS, after), AgreeingTold)
        listed, after = [*listed, *told.people], told.after
    assert {who.code: who.name for who in listed} == {codes[1]: "Person 1", codes[2]: "Person 2"}


async def test_a_word_is_noted_once_and_its_change_always(one: OneNode) -> None:
    code = (await noted(one)).card.code
    for given in (True, True, False, False, True):
        told = await says(one, code, AgreesTo.OFFERS, given=given)
    assert [word.given for word in told.consents] == [True, False, True]
    newer = await one.ask(SayConsent(code, AgreesTo.OFFERS, True, 2), PersonTold)
    assert [word.wording for word in newer.consents][-1] == 2, "to another text it is another yes"


async def test_statistics_get_no_names(one: OneNode) -> None:
    code = (await noted(one)).card.code
    await says(one, code, AgreesTo.STATISTICS, given=True)
    (listed,) = (await agreeing(one, AgreesTo.STATISTICS)).people
    assert (listed.code, listed.name, listed.phone, listed.mail) == (code, "", "", "")


@pytest.mark.rule("L-5.15")
async def test_a_person_with_a_new_card_is_the_same_and_her_last_word_counts(one: OneNode) -> None:
    old, new = await noted(one), await one.card()
    await says(one, old.card.code, AgreesTo.OFFERS, given=True)
    one.node.clock._start_ms += 1_000
    await says(one, new.card.code, AgreesTo.OFFERS, given=False)
    await one.ask(MergeCards(old.payload, "", new.payload), CardMoved)
    assert (await agreeing(one, AgreesTo.OFFERS)).people == [], "she said no by the other card"
    counted = await one.ask(CountPeople(), PeopleCounted)
    assert counted.people == 1
    for code in (old.card.code, new.card.code):
        told = await one.ask(GetPerson(code), PersonTold)
        assert (told.code, told.person.name) == (new.card.code, ANNA.name)


@pytest.mark.rule("L-5.15")
async def test_erasing_reaches_what_was_kept_under_a_former_card(one: OneNode) -> None:
    old, new = await noted(one), await one.card()
    await one.ask(MergeCards(old.payload, "", new.payload), CardMoved)
    assert (await one.ask(ErasePerson(new.card.code), PersonErased)).known
    assert (await one.ask(CountPeople(), PeopleCounted)).people == 0


# --- nowhere else, and forgotten ---


def _bytes_of(folder: Path, stem: str = "") -> bytes:
    """Of every file there, logs of databases included."""
    return b"".join(
        path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name.startswith(stem)
    )


async def test_no_byte_of_a_person_leaves_the_two_files_or_is_readable_in_them(
    one: OneNode, tmp_path: Path
) -> None:
    card = await noted(one)
    await says(one, card.card.code, AgreesTo.OFFERS, given=True)
    await one.sell(card.card.card, 50_000)
    await one.ask(GetPerson(card.card.code), PersonTold)
    folder = tmp_path / "shop-0"
    # The card itself goes there, behind the answer, and to the others: so these are looked at.
    await until(lambda: card.card.card in _bytes_of(folder, "ledger.db"))
    sent = b"".join(encode(message) for _, message in heard(one).sent)
    assert card.card.card in sent
    for place in (sent, _bytes_of(folder), str(one.node.faults).encode()):
        assert [plain for plain in PLAIN if plain in place] == []
    assert {"voter.db", "outbox.db", "traffic.db"} <= {path.name for path in folder.iterdir()}


async def test_after_erasing_nothing_is_left_in_files_or_logs(one: OneNode, tmp_path: Path) -> None:
    folder = tmp_path / "shop-0"
    card = await noted(one)
    await noted(one, named("Bo", "+46 70 999 45 67"))
    with apsw.Connection(str(folder / "people-keys.db")) as keys:
        sql = "SELECT key, phone, tail FROM person_key WHERE card = ?"
        secrets = next(iter(keys.execute(sql, (card.card.card,))))
    keys.close()
    with apsw.Connection(str(folder / "people.db")) as records:
        sql = "SELECT sealed FROM person WHERE card = ?"
        sealed = records.execute(sql, (card.card.card,)).get
    records.close()
    gone = [*secrets[:2], sealed, card.card.card]
    kept = _bytes_of(folder, "people")
    assert all(secret in kept for secret in gone), "in the files or their logs"
    assert (await one.ask(ErasePerson(card.payload), PersonErased)).known
    kept = _bytes_of(folder, "people")
    assert [secret for secret in (*gone, *PLAIN) if secret in kept] == []
    assert not (await one.ask(ErasePerson(card.payload), PersonErased)).known, "R12"
    assert await fault(one, GetPerson(card.card.code)) == "PERSON_UNKNOWN"
    assert (await one.ask(CountPeople(), PeopleCounted)).people == 1
    # The street's ledger forgets nothing.
    await until(lambda: card.card.card in _bytes_of(folder, "ledger.db"))


async def test_damage_there_stops_neither_node_nor_sales(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as one:
        assert not list(dirs[0].glob("people*")), "a shop that notes nobody has no such files"
        code = (await noted(one)).card.code
    kept = (dirs[0] / "people-keys.db").read_bytes()
    (dirs[0] / "people-keys.db").unlink()
    async with running_node(dirs[0], genesis, alone=True) as one:
        assert "about people cannot be read" in caplog.text
        await one.sell(b"", 50_000)
        with pytest.raises(StorageFault, match="DATABASE_MISSING"):
            await one.ask(GetPerson(code), PersonTold)
        (dirs[0] / "people-keys.db").write_bytes(kept)
        assert (await one.ask(GetPerson(code), PersonTold)).person == ANNA
