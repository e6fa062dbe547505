"""The composition root: one node from its data directory, until it is cancelled.

Everything is made here and handed to what uses it; nothing reaches for a global. Order of
going: doors and network first, then the writers with what they still hold, the stores last.
"""

import logging
from collections import Counter
from pathlib import Path

import trio

from liandao_node.consensus import events
from liandao_node.consensus.committee import Committee
from liandao_node.consensus.effects import Tip
from liandao_node.consensus.replica import Replica
from liandao_node.crypto.keys import SigningKey, verify
from liandao_node.doors.local import LocalDoor
from liandao_node.errors import BugFound, LiandaoError, OperatorFault
from liandao_node.ledger import stake_queries
from liandao_node.ledger.beginning import Tip as LedgerTip
from liandao_node.ledger.chain import Ledger
from liandao_node.limits import TICK_MS
from liandao_node.local.changes import Changes
from liandao_node.net.addresses import Address
from liandao_node.net.peers import NetworkConfig
from liandao_node.runtime.accusations import Accusations
from liandao_node.runtime.address_book import FormerPort, StoredAddresses
from liandao_node.runtime.cards_desk import CardsDesk
from liandao_node.runtime.clearing_desk import ClearingDesk
from liandao_node.runtime.clock import StreetClock, monotonic_ms
from liandao_node.runtime.commits import Committed, Committer
from liandao_node.runtime.config import PORT_MAX, NodeSettings, load_settings
from liandao_node.runtime.customers_desk import CustomersDesk
from liandao_node.runtime.driver import Driver
from liandao_node.runtime.earn_rules_desk import EarnRulesDesk
from liandao_node.runtime.filters import shipped_filters
from liandao_node.runtime.giving_desk import GivingDesk
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.ledger_modules import find_installed, modules_of
from liandao_node.runtime.mempool import Mempool
from liandao_node.runtime.module_desk import ModuleDesk
from liandao_node.runtime.notary_desk import NotaryDesk
from liandao_node.runtime.participation import last_blocks
from liandao_node.runtime.protocols import Protocols
from liandao_node.runtime.receipts_desk import ReceiptsDesk
from liandao_node.runtime.refunds_desk import RefundsDesk
from liandao_node.runtime.returns_desk import ReturnsDesk
from liandao_node.runtime.roll import RollCall
from liandao_node.runtime.rules_desk import RulesDesk
from liandao_node.runtime.sales_desk import SalesDesk
from liandao_node.runtime.service import Service
from liandao_node.runtime.staff import Staff
from liandao_node.runtime.stake_desk import StakeDesk
from liandao_node.runtime.stores import Stores, open_stores
from liandao_node.runtime.street import customers_secret, read_genesis
from liandao_node.runtime.street_links import StreetLinks
from liandao_node.runtime.submission import Submissions
from liandao_node.runtime.traffic_desk import TrafficDesk
from liandao_node.runtime.upkeep import Upkeep
from liandao_node.runtime.voting import VoterWriter, restore, restore_bodies
from liandao_node.runtime.web import open_web
from liandao_node.store.writer import CallSoon
from liandao_node.traffic import Judge, Networks
from liandao_node.types import Seq, ShopId
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.codec import Decoder
from liandao_node.wire.genesis import Genesis
from liandao_node.wire.protocol import PROTOCOL

log = logging.getLogger(__name__)

_decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)


class Node:
    """The parts of a running node, made from its stores."""

    def __init__(
        self,
        data_dir: Path,
        genesis: Genesis,
        settings: NodeSettings,
        stores: Stores,
        *,
        speaks: int = PROTOCOL,
    ) -> None:
        """``speaks``: the highest protocol of the chain that this program knows."""
        self._speaks = speaks
        self._stores = stores
        self._failed = trio.Event()
        self._failure: LiandaoError | None = None
        self.genesis = genesis
        self.me: ShopId = stores.voter.shop
        self.key = SigningKey(stores.voter.seed)
        if settings.shop != self.me:
            raise OperatorFault("SETTINGS_OTHER_SHOP", settings=settings.shop, voter=self.me)
        self.faults: Counter[str] = Counter()
        self.changes = Changes()
        self.clock = StreetClock()
        call_soon = trio.lowlevel.current_trio_token().run_sync_soon
        self._open_ledger(data_dir, settings, call_soon)
        self._open_driver(call_soon)
        self._former_port = FormerPort(data_dir)
        self.accusations = Accusations(self.submissions, self.faults)
        self.protocols = Protocols(
            self.ledger, self.submissions, self.me, self.faults, speaks=speaks
        )
        self.network = self._network(data_dir, settings)
        self.driver.links = self.network
        self._open_desks(data_dir, settings)
        self.upkeep.attach(
            self.driver,
            retries=(self.committer.retry, self.voter.retry),
            connected=lambda: self.service.connected,
            on_change=self.changes.announce,
            on_ready=self._failed.set,
        )

    def _open_driver(self, call_soon: CallSoon) -> None:
        """The driver with what writes its votes and what follows its own transactions."""
        stores = self._stores
        self.driver = Driver(
            replica=self._replica(),
            ledger=self.ledger,
            mempool=Mempool(),
            clock=self.clock,
            committer=self.committer,
            blocks=stores.ledger,
            faults=self.faults,
            on_committed=self._on_committed,
            on_accuse=lambda evidence: self.accusations.give(evidence),
            on_epoch=self._on_epoch,
            on_halt=self._on_halt,
            on_peer=self._on_peer,
        )
        self.voter = VoterWriter(
            stores.voter,
            call_soon=call_soon,
            on_durable=self.driver.durable,
            on_failure=self.fail,
            on_full=self.upkeep.disk_full,
        )
        self.driver.voter = self.voter
        self.submissions = Submissions(
            driver=self.driver,
            signer=self.key,
            chain=self.genesis.chain_id,
            shop=self.me,
            session=stores.voter.boot,
            outbox=stores.outbox,
            call_soon=call_soon,
            on_change=self.changes.announce,
            faults=self.faults,
        )

    def _open_ledger(self, data_dir: Path, settings: NodeSettings, call_soon: CallSoon) -> None:
        """The ledger, who writes it, and who looks after what is written."""
        genesis, stores = self.genesis, self._stores
        tip = stores.ledger.tip()
        assert tip is not None
        self.ledger = Ledger(
            genesis,
            stores.ledger.reader(),
            LedgerTip(tip.seq, tip.hash, tip.time_ms, tip.accumulator, tip.calls),
            modules_of(genesis),
            find=find_installed,
        )
        self.upkeep = Upkeep(
            data_dir, genesis, settings, stores.ledger, faults=self.faults, call_soon=call_soon
        )
        self.committer = Committer(
            self.ledger,
            stores.ledger,
            self.me,
            call_soon=call_soon,
            on_failure=self.fail,
            on_full=self.upkeep.disk_full,
            keeper=self.upkeep.keeper,
        )

    def _replica(self) -> Replica:
        genesis, stores = self.genesis, self._stores
        tip = stores.ledger.tip()
        assert tip is not None
        raw = stores.ledger.block(tip.seq)
        certificate = None if raw is None else _decode_committed(raw).certificate
        return Replica(
            committee=Committee.from_record(self.ledger.committee()),
            chain=genesis.chain_id,
            me=self.me,
            signer=self.key,
            verify=verify,
            tip=Tip(tip.seq, tip.hash, certificate),
            durable=restore(stores.voter.state),
            bodies=restore_bodies(stores.voter, tip.seq),
            session=stores.voter.boot,
            speaks=self._speaks,
            lacking=self.ledger.lacking is not None,
        )

    def _network(self, data_dir: Path, settings: NodeSettings) -> StreetLinks:
        config = NetworkConfig(
            listen_host=settings.listen_host,
            listen_port=settings.listen_port,
            former_port=self._former_port.port,
            interfaces=tuple(settings.interfaces),
            discover=settings.discover,
            peers={
                ShopId(int(shop)): [_address(text) for text in texts]
                for shop, texts in settings.peers.items()
            },
            street=self.genesis.street,
        )
        return StreetLinks(
            config,
            key=self.key,
            chain_id=self.genesis.chain_id,
            me=self.me,
            keys=self.ledger.keys,
            handler=self.driver,
            boot=self._stores.voter.boot,
            book=StoredAddresses(data_dir),
        )

    def _open_desks(self, data_dir: Path, settings: NodeSettings) -> None:
        secret = customers_secret(data_dir, self._stores.voter.seed)
        desk = LedgerDesk(self.ledger, self.submissions, self.clock, self.me)
        offset = self.genesis.utc_offset_minutes
        judge = Judge(shipped_filters(), settings.site, Networks(settings.own_networks))
        self.traffic = TrafficDesk(desk, self._stores.traffic, judge, settings.late_grace_ms)
        cards = CardsDesk(desk)
        customers = CustomersDesk(desk, cards, secret, offset, self._stores.people)
        receipts = ReceiptsDesk(desk, self._stores.ledger)
        roll = RollCall(
            street=self.genesis.street,
            me=self.me,
            names=lambda: {shop.shop: shop.name for shop in self.genesis.shops},
            driver=self.driver,
            states=lambda: self.network.states(),
        )
        self._recall_blocks()
        self._web = open_web(
            settings,
            roll=roll,
            driver=self.driver,
            submissions=self.submissions,
            faults=self.faults,
            data_dir=data_dir,
        )
        self.service = Service(
            genesis=self.genesis,
            me=self.me,
            driver=self.driver,
            submissions=self.submissions,
            cards=cards,
            sales=SalesDesk(desk, cards, customers.claims, customers.coupons, self.traffic, secret),
            customers=customers,
            refunds=RefundsDesk(desk),
            returns=ReturnsDesk(desk),
            giving=GivingDesk(desk, Staff(data_dir), secret, offset),
            earn_rules=EarnRulesDesk(desk, offset),
            traffic=self.traffic,
            receipts=receipts,
            stake=StakeDesk(desk),
            rules=RulesDesk(desk, offset),
            clearing=ClearingDesk(desk, offset),
            modules=ModuleDesk(desk),
            notary=NotaryDesk(desk, receipts, self._stores.ledger),
            roll=roll,
            faults=self.faults,
            changes=self.changes,
            upkeep=self.upkeep,
        )
        self._door = LocalDoor(self.service, data_dir, faults=self.faults)

    def _recall_blocks(self) -> None:
        """Who took part in the last blocks before this start: asked for when all stands still."""

        def block(seq: Seq) -> CommittedBlock | None:
            raw = self._stores.ledger.block(seq)
            return _decode_committed(raw) if raw else None

        replica = self.driver.replica
        blocks = last_blocks(block, replica.tip.seq)
        self.driver.watch.participation.recall(blocks, replica.committee)

    # --- what happens while it runs ---

    def fail(self, error: LiandaoError) -> None:
        """The node can't go on: it stops, and the caller of `run` hears why."""
        if self._failure is None:
            self._failure = error
            self._failed.set()

    def _on_committed(self, committed: Committed) -> None:
        self.submissions.on_committed(committed)
        self.protocols.on_committed(committed)
        if self._web is not None:
            self._web.metrics.on_block(committed.execution.header)
        self.changes.announce()

    def _on_epoch(self) -> None:
        """Another committee is in office."""
        record = self.ledger.committee()
        log.info("epoch %d begins with %d seats", record.epoch, len(record.seats))
        self.network.renew()
        self.protocols.look()
        self._check_key()

    def _check_key(self) -> None:
        """L-4.10: nobody listens to a key that its owner replaced, so its node stops and says so.
        One that nobody has named yet, or that waits for its epoch, follows the others."""
        if stake_queries.key_is_past(self.ledger.view(), self.me, self.key.public_key):
            self.fail(OperatorFault("KEY_REPLACED", shop=self.me))

    def _on_halt(self, code: str) -> None:
        """P-6.5, P-6.7: consensus says that people must look."""
        if code == "KEY_IN_USE_ELSEWHERE":
            boot = self._stores.voter.boot
            self.fail(OperatorFault(code, session=boot, other=boot))
        else:
            self.fail(BugFound(code))

    def _on_peer(self, peer: ShopId, up: bool) -> None:
        if up:
            self.service.connected.add(peer)
            self.submissions.resend_to(peer)
        else:
            self.service.connected.discard(peer)
        self.changes.announce()

    async def run(self, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED) -> None:
        """Runs until cancelled; ``started`` gives the port for peers.

        Raises what stopped the node.
        """
        try:
            async with trio.open_nursery() as nursery:
                self._check_key()
                self.protocols.look()
                self.driver.feed(events.Started())
                port = await nursery.start(self.network.run)
                self._former_port.remember(port)
                if self._web is not None:
                    await nursery.start(self._web.door.serve)
                await nursery.start(self._door.serve)
                nursery.start_soon(self._tick)
                nursery.start_soon(self.submissions.run)
                nursery.start_soon(self.upkeep.run)
                nursery.start_soon(self.accusations.run)
                nursery.start_soon(self.protocols.run)
                nursery.start_soon(self.traffic.run)
                task_status.started(port)
                await self._failed.wait()
                nursery.cancel_scope.cancel()
        finally:
            self.submissions.stop()
            self.voter.stop()
            self.committer.stop()
        if self._failure is not None:
            raise self._failure

    async def _tick(self) -> None:
        while True:
            await trio.sleep(TICK_MS / 1_000)
            self.driver.feed(events.Tick())
            self.driver.mempool.expire(monotonic_ms())


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    number = int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else 0
    if not host or not 0 < number <= PORT_MAX:
        raise OperatorFault("ADDRESS_BAD", address=text)
    return Address(host.strip("[]"), number)


async def run_node(
    data_dir: Path, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED
) -> None:
    """Runs the node of a data directory until cancelled; ``started`` gives its port."""
    genesis = read_genesis(data_dir)
    settings = load_settings(data_dir)
    taken = True
    while True:
        with open_stores(data_dir, genesis) as stores:
            node = Node(data_dir, genesis, settings, stores)
            log.info("shop %d of %s, boot %d", node.me, genesis.street, stores.voter.boot)
            if not taken:
                node.upkeep.hold_back()
            await node.run(task_status=task_status)
            # A proven snapshot ends a life: the next one starts from it as from any disk.
            taken = await node.upkeep.install()
        task_status = trio.TASK_STATUS_IGNORED
