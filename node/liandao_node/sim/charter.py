"""What all nodes of a simulated street share: genesis file, keys, and a memory of work done.

Nodes that compute the same thing may take each other's result over, since it is a pure
function: in most streets, for speed. In the others every node computes for itself, so that a
difference between nodes would be seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from liandao_node.crypto.keys import Signer
from liandao_node.ledger.beginning import Tip, genesis_changes, genesis_tip
from liandao_node.ledger.chain import Execution, Ledger
from liandao_node.ledger.machine import Machine
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.transactions import SignedTx, parse_tx
from liandao_node.sim.signatures import CHEAP, Keyring
from liandao_node.types import Amount, BlockHash, Epoch, Millis, PublicKey, Seq, ShopId, TxId
from liandao_node.wire.genesis import Genesis, GenesisShop, Rules

BEGIN_MS = Millis(1_772_352_000_000)
"""Ledger time at which simulated streets begin: 2026-03-01 08:00 UTC."""

_Work = tuple[BlockHash, Epoch, Seq, Millis, ShopId, int, tuple[TxId, ...]]


@dataclass
class Memory:
    """Executions by what they are of, checked transactions by their bytes, states by height."""

    executions: dict[_Work, Execution] = field(default_factory=dict)
    parsed: dict[bytes, SignedTx] = field(default_factory=dict)
    states: dict[Seq, list[tuple[bytes, bytes]]] = field(default_factory=dict)
    """Of which snapshots are made."""
    machine: Machine | None = None
    """Of the first ledger, for all others."""


class Charter:
    """One street: who is in it and how its nodes compute."""

    def __init__(
        self,
        shops: int,
        *,
        rules: Rules | None = None,
        keyring: Keyring = CHEAP,
        shared: bool = True,
        bond: int = 1_000_000,
        seats: Sequence[ShopId] = (),
        begin_ms: Millis = BEGIN_MS,
    ) -> None:
        """``seats`` vote in epoch 0; none named: as the genesis file has it by itself."""
        self.keyring = keyring
        self.begin_ms = begin_ms
        self.signers = {ShopId(at): keyring.make(b"shop %d" % at) for at in range(shops)}
        self.keys = {shop: signer.public_key for shop, signer in self.signers.items()}
        self.genesis = self._genesis(rules or Rules(), bond, list(seats))
        self.chain = self.genesis.chain_id
        changes, _ = genesis_changes(self.genesis)
        self.records = {key: value for key, value in changes.items() if value is not None}
        self.tip: Tip = genesis_tip(self.genesis)
        self.memory = Memory() if shared else None

    def signer(self, shop: ShopId) -> Signer:
        return self.signers[shop]

    def owner(self, shop: ShopId) -> Signer:
        return self.keyring.make(b"owner %d" % shop)

    def parse(self, raw: bytes, keys: Mapping[ShopId, PublicKey]) -> SignedTx:
        """A transaction checked against ``keys``. Raises InputFault as `parse_tx` does."""
        known = self.memory.parsed.get(raw) if self.memory is not None else None
        if known is None or keys.get(known.tx.shop) != known.key:
            known = parse_tx(raw, self.chain, keys, self.keyring.verify)
            if self.memory is not None:
                self.memory.parsed[raw] = known
        return known

    def _genesis(self, rules: Rules, bond: int, seats: list[ShopId]) -> Genesis:
        return Genesis(
            street="Simulated Street",
            currency="CNY",
            exponent=2,
            utc_offset_minutes=480,
            created_ms=self.begin_ms,
            modules=[(module.name, module.version) for module in BUILTIN],
            rules=rules,
            committee=sorted(seats),
            shops=[
                GenesisShop(
                    shop=shop,
                    name=f"Shop {shop}",
                    node_key=key.hex(),
                    owner_key=self.owner(shop).public_key.hex(),
                    bond=Amount(bond + shop),
                )
                for shop, key in self.keys.items()
            ],
        )


class RememberingLedger(Ledger):
    """The production ledger, which takes an execution over that another node has made."""

    memory: Memory

    def execute(
        self,
        *,
        parent: BlockHash,
        epoch: Epoch,
        seq: Seq,
        time_ms: Millis,
        proposer: ShopId,
        attendance: int,
        txs: Sequence[SignedTx],
        tx_root: bytes | None = None,
    ) -> Execution:
        ids = tuple(tx.id for tx in txs)
        work = (parent, epoch, seq, time_ms, proposer, attendance, ids)
        known = self.memory.executions.get(work)
        if known is None or (parent != self.tip.hash and parent not in self._executions):
            known = self.memory.executions[work] = super().execute(
                parent=parent,
                epoch=epoch,
                seq=seq,
                time_ms=time_ms,
                proposer=proposer,
                attendance=attendance,
                txs=txs,
                tx_root=tx_root,
            )
        elif known.hash not in self._executions:
            self._keep(known)
        return known
