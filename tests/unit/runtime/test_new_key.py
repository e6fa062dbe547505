"""A data directory gets another node key: what changes in it, and how its node then behaves."""

from collections.abc import Callable
from pathlib import Path

import pytest
from liandao_node.crypto.keys import SigningKey
from liandao_node.errors import LiandaoError, OperatorFault
from liandao_node.ledger.modules.membership import Rekey, possession_preimage, rekey_preimage
from liandao_node.runtime import street
from liandao_node.runtime.new_key import Renewed, renew_key
from liandao_node.runtime.street import CUSTOMERS_KEY_FILE, OWNER_KEY_FILE, customers_secret
from liandao_node.store.files import DataDirectory
from liandao_node.store.voter import NEVER_VOTED, VoterStore
from liandao_node.types import PublicKey, ShopId
from liandao_node.wire.codec import encode
from liandao_node.wire.genesis import Genesis, Rules
from liandao_node.wire.messages import Prepare, ViewChange
from liandao_node.wire.stake import BringStatement, StakeDone
from support.runtime_node import found, heard, key_of, running_node, until

STAMP = "20260301T080000Z"
ME = ShopId(0)
Damage = Callable[[Path], None]


def owner_of(data_dir: Path) -> SigningKey:
    return SigningKey(bytes.fromhex((data_dir / OWNER_KEY_FILE).read_text()))


def renew(data_dir: Path) -> Renewed:
    return renew_key(data_dir, owner_of(data_dir), STAMP)


def _damaged(data_dir: Path) -> None:
    (data_dir / "voter.db").write_bytes(b"nothing that a database begins with" * 99)


def _missing(data_dir: Path) -> None:
    (data_dir / "voter.db").unlink()


def _sound(_: Path) -> None:
    """The owner wants another key all the same: somebody may have seen this one."""


# --- the data directory ---


@pytest.mark.parametrize("damage", [_damaged, _missing, _sound])
def test_a_fresh_record_with_a_new_key_and_the_old_one_aside(
    tmp_path: Path, damage: Damage
) -> None:
    genesis, dirs = found(tmp_path, 4)
    old = key_of(genesis, dirs[0])
    damage(dirs[0])
    others = {p: p.read_bytes() for p in dirs[0].iterdir() if not p.name.startswith("voter")}
    before = (dirs[0] / "voter.db").read_bytes() if damage is not _missing else None
    done = renew(dirs[0])
    new = key_of(genesis, dirs[0])
    assert new.public_key == done.statement.key != old.public_key
    assert done.aside is not None
    if before is not None:
        assert (done.aside / "voter.db").read_bytes() == before
    for path, content in others.items():
        assert path.name == "node.lock" or path.read_bytes() == content, path.name
    store = VoterStore.open(
        dirs[0] / "voter.db", chain_id=genesis.chain_id, machine_id=street.machine_id()
    )
    assert (store.state, store.shop) == (NEVER_VOTED, ME)
    store.close()


def test_a_record_of_another_computer_gives_way_to_one_of_this(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the sentence of VOTER_FOREIGN_MACHINE promises."""
    with monkeypatch.context() as patch:
        patch.setattr(street, "machine_id", lambda: b"another computer".ljust(32))
        genesis, dirs = found(tmp_path, 4)
    with pytest.raises(OperatorFault, match="VOTER_FOREIGN_MACHINE"):
        key_of(genesis, dirs[0])
    done = renew(dirs[0])
    assert key_of(genesis, dirs[0]).public_key == done.statement.key


@pytest.mark.rule("L-4.10")
def test_owner_and_new_key_sign_the_statement(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 4)
    call = renew(dirs[1]).statement
    value = (ShopId(1), call.number, PublicKey(call.key))
    assert call == _signed(genesis, owner_of(dirs[1]), key_of(genesis, dirs[1]), *value[:2])


def _signed(
    genesis: Genesis, owner: SigningKey, key: SigningKey, shop: ShopId, number: int
) -> Rekey:
    value = (shop, number, key.public_key)
    return Rekey(
        *value,
        owner.sign(rekey_preimage(genesis.chain_id, *value)),
        key.sign(possession_preimage(genesis.chain_id, *value)),
    )


def test_once_more_is_another_key_and_loses_nothing(tmp_path: Path) -> None:
    _, dirs = found(tmp_path, 4)
    first, second = renew(dirs[0]), renew(dirs[0])
    assert first.statement.key != second.statement.key
    assert second.statement.number >= first.statement.number
    assert len(list(dirs[0].glob("voter-aside-*/voter.db"))) == 2


def _other_owner(dirs: list[Path]) -> None:
    (dirs[0] / OWNER_KEY_FILE).write_text((dirs[1] / OWNER_KEY_FILE).read_text())


@pytest.mark.parametrize(
    ("shops", "before", "code"),
    [
        (4, _other_owner, "OWNER_KEY_OTHER"),
        (1, lambda _: None, "REKEY_NEEDS_STREET"),
        (2, lambda _: None, "REKEY_NEEDS_STREET"),
    ],
)
def test_where_it_would_lead_nowhere_nothing_is_changed(
    tmp_path: Path, shops: int, before: Callable[[list[Path]], None], code: str
) -> None:
    genesis, dirs = found(tmp_path, shops)
    before(dirs)
    key = key_of(genesis, dirs[0]).public_key
    with pytest.raises(OperatorFault, match=code):
        renew(dirs[0])
    assert key_of(genesis, dirs[0]).public_key == key
    assert not list(dirs[0].glob("voter-aside-*"))


def test_a_node_that_runs_keeps_its_key(tmp_path: Path) -> None:
    _, dirs = found(tmp_path, 4)
    with DataDirectory.open(dirs[0]), pytest.raises(OperatorFault, match="DATA_IN_USE"):
        renew(dirs[0])
    assert not list(dirs[0].glob("voter-aside-*"))


# --- its node ---


async def test_a_key_that_nobody_has_named_yet_follows_and_signs_no_vote(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 4)
    renew(dirs[0])
    async with running_node(dirs[0], genesis, alone=True) as one:
        replica = one.node.driver.replica
        assert not replica.voting
        await until(lambda: replica.clocks.now > 0)
        assert not [*heard(one).of(ViewChange), *heard(one).of(Prepare)]


@pytest.mark.rule("L-4.10")
async def test_a_replaced_key_stops_its_node_at_the_epochs_end_and_ever_after(
    tmp_path: Path,
) -> None:
    genesis, dirs = found(tmp_path, 1, Rules(epoch_blocks=3))
    statement = _signed(genesis, owner_of(dirs[0]), SigningKey(b"n" * 32), ME, 1)

    async def life(*, named: bool) -> None:
        async with running_node(dirs[0], genesis, alone=True) as one:
            if not named:
                await one.ask(BringStatement(Rekey.kind, encode(statement)), StakeDone)
                await one.sell(b"", 100)
                assert one.node.driver.replica.voting, "until the epoch ends"
                await one.sell(b"", 100)
            await until(lambda: False)

    for named in (False, True):
        with pytest.raises(BaseExceptionGroup) as caught:
            await life(named=named)
        assert _why(caught.value) == "KEY_REPLACED"


def _why(group: BaseException) -> str:
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    assert isinstance(group, LiandaoError), repr(group)
    return group.code


# --- customers of other tills ---


async def test_their_cards_outlive_the_node_key(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 1)
    before = customers_secret(dirs[0], b"a node key")
    async with running_node(dirs[0], genesis, alone=True) as one:
        secret = one.node.service._sales._secret
        assert secret == before != one.stores.voter.seed
    assert (dirs[0] / CUSTOMERS_KEY_FILE).stat().st_mode & 0o077 == 0


def test_a_directory_from_before_goes_on_with_its_node_key(tmp_path: Path) -> None:
    _, dirs = found(tmp_path, 1)
    path = dirs[0] / CUSTOMERS_KEY_FILE
    path.unlink()
    assert customers_secret(dirs[0], b"a node key") == b"a node key"
    path.write_text("no key")
    with pytest.raises(OperatorFault, match="KEY_FILE_BAD"):
        customers_secret(dirs[0], b"a node key")
