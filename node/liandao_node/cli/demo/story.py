"""The whole demo from founding a street to its report."""

import argparse
from collections import Counter
from dataclasses import dataclass, field
from functools import partial

import trio
from liandao_plugins.host import (
    HitImport,
    PluginHost,
    ReceiptImport,
    import_hits,
    import_receipts,
)

from liandao_node.cli.console import tell
from liandao_node.cli.demo import sources
from liandao_node.cli.demo.customers import Street
from liandao_node.cli.demo.faults import kill_and_bring_back
from liandao_node.cli.demo.fleet import Fleet
from liandao_node.cli.demo.line import Line
from liandao_node.cli.demo.report import (
    FaultSeen,
    Report,
    TipOf,
    problems_of,
    quantiles,
)
from liandao_node.cli.demo.window import (
    WindowRun,
    first_points,
    manual_window,
    script,
    work_window,
)
from liandao_node.cli.run_command import end
from liandao_node.client import HitIn, HitsDone, NodeClient, OrderRef, Summary
from liandao_node.proofs.verifier import verify_receipt

STREET = "演示街 Demo street"
WINDOW_SHOP = 0
WEB_SHOP = 1
RECEIPTS_VERIFIED = 40
FAULT_AFTER_S = 2.0
WALK_IN_S = 0.05
SETTLE_S_MAX = 60
LANGUAGES = ("en", "zh-Hans", "ja")


@dataclass
class Course:
    """What comes to pass while the demo runs."""

    receipts: ReceiptImport | None = None
    hits: HitImport | None = None
    faults: list[FaultSeen] = field(default_factory=list)
    window: WindowRun | None = None
    gift: int = 0


class Story:
    """One run of the demo on a fleet."""

    def __init__(self, options: argparse.Namespace, fleet: Fleet) -> None:
        self._options = options
        self._fleet = fleet
        self._host = PluginHost()
        self._source, self._receipt_words = sources.receipts(self._host, options)
        self._hits, self._hit_words = sources.hits(self._host, options)
        self._lines = [Line(data_dir, f"demo {at}") for at, data_dir in enumerate(fleet.dirs)]
        self._course = Course()

    async def play(self) -> Report:
        """Runs to the end; the fleet's nodes keep running."""
        started = trio.current_time()
        genesis = self._fleet.found(STREET)
        shops = range(len(self._fleet.dirs))
        for shop in shops:
            self._fleet.start(shop)
        tell(f"{len(shops)} shops start and look for each other ...")
        await self._fleet.wait_active(shops)
        tell(f"The street agrees after {trio.current_time() - started:.1f} s. Shops open.")
        street = Street(
            self._lines,
            genesis.rules.share_bps_max,
            self._options.customers,
            self._options.pause_ms / 1_000,
        )
        async with trio.open_nursery() as lines:
            lines.start_soon(self._fleet.watch)
            for line in self._lines:
                lines.start_soon(line.run)
            await self._business(street)
            verified = await self._verify(street)
            lines.cancel_scope.cancel()
        summaries = await self._fleet.settled(SETTLE_S_MAX)
        return self._report(street, summaries, verified, trio.current_time() - started)

    # --- business ---

    async def _business(self, street: Street) -> None:
        course = self._course
        seconds = self._options.seconds
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._bring_hits)
            nursery.start_soon(self._break_things)
            nursery.start_soon(self._window)
            source = sources.Bounded(self._source, seconds)
            tell(f"Customers come: {self._receipt_words}.")
            course.receipts = await import_receipts(source, street)
        for line in self._lines:
            await line.ask(lambda node: node.seal_traffic())

    async def _bring_hits(self) -> None:
        line = self._lines[WEB_SHOP]
        feed = _HitLine(line)
        tell(f"Web visits: {self._hit_words}.")
        self._course.hits = await import_hits(self._hits, feed)

    async def _break_things(self) -> None:
        """Kills nodes one after the other while walk-in customers keep the street busy."""
        if not self._options.kill:
            return
        await trio.sleep(FAULT_AFTER_S)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._walk_ins)
            for role in self._options.kill:
                tell(f"kill -9 of a {role} ...")
                seen = await kill_and_bring_back(self._fleet, role, WINDOW_SHOP)
                self._course.faults.append(seen)
                tell(f"... the street stood still for {seen.standstill_ms} ms.")
            nursery.cancel_scope.cancel()

    async def _walk_ins(self) -> None:
        """People who take a card: something to agree on in every moment of a fault."""
        async with trio.open_nursery() as nursery:
            for line in self._lines:
                nursery.start_soon(self._walk_in, line)

    async def _walk_in(self, line: Line) -> None:
        while True:
            await line.ask(lambda node: node.enrol(""))
            await trio.sleep(WALK_IN_S)

    async def _window(self) -> None:
        options, line = self._options, self._lines[WINDOW_SHOP]
        if options.headless:
            return
        enrolled, self._course.gift = await first_points(line)
        data = self._fleet.dirs[WINDOW_SHOP]
        lang = options.lang or "en"
        if options.manual:
            tell(f"A card with points, to type at the counter: {enrolled.card.code}")
            process = manual_window(data, lang)
            try:
                await trio.to_thread.run_sync(process.wait, abandon_on_cancel=True)
            finally:
                end(process)
            return
        languages = [lang, *(other for other in LANGUAGES if other != lang)]
        steps = script(enrolled.payload, languages)
        self._course.window = await work_window(data, steps, options.out, lang)

    async def _verify(self, street: Street) -> int:
        """Checks receipts as a customer would: offline, with the genesis file alone."""
        genesis = (self._fleet.dirs[0] / "genesis.json").read_text()
        sold = street.tally.sold
        step = max(1, len(sold) // RECEIPTS_VERIFIED)
        verified = 0
        for shop, order in sold[::step][:RECEIPTS_VERIFIED]:
            document = await self._lines[shop].ask(partial(_receipt, order))
            verify_receipt(document, genesis)
            verified += 1
        return verified

    # --- the end ---

    def _report(
        self, street: Street, summaries: list[Summary], verified: int, seconds: float
    ) -> Report:
        course, tally = self._course, street.tally
        assert course.receipts is not None
        assert course.hits is not None
        window = course.window or WindowRun(0, 0, 0, [], [], "")
        problems = problems_of(summaries, tally.earned + window.earned + course.gift)
        if self._options.manual:
            problems = problems_of(summaries, summaries[0].points_issued)
        if window.failed:
            problems.append(f"the cashier's script stopped: {window.failed}")
        faults: Counter[str] = Counter()
        for summary in summaries:
            faults.update(dict(summary.faults))
        last = summaries[0]
        rows, lines = course.receipts.rows, course.hits.rows
        return Report(
            street=STREET,
            receipts_source=self._receipt_words,
            hits_source=self._hit_words,
            seconds=round(seconds, 1),
            shops=len(summaries),
            commits=last.height,
            transactions=last.calls,
            receipts_in=rows.rows_in,
            receipts_accepted=rows.accepted,
            receipts_rejected=rows.rejected,
            orders=course.receipts.orders,
            orders_with_card=tally.orders_with_card,
            log_lines_in=lines.rows_in,
            log_lines_rejected=lines.rejected,
            page_views_counted=course.hits.counted,
            page_views_dropped=course.hits.dropped,
            points_issued=last.points_issued,
            points_redeemed=last.points_redeemed,
            points_expired=last.points_expired,
            points_outstanding=last.points_outstanding,
            commit_ms=quantiles(tally.commit_us),
            tips=[
                TipOf(at, s.height, s.tip.hex(), s.state_root.hex())
                for at, s in enumerate(summaries)
            ],
            verified_receipts=verified,
            faults=course.faults,
            node_faults=dict(sorted(faults.items())),
            counter=_counter(course.window),
            screenshots=window.screenshots,
            problems=problems,
        )


def _counter(window: WindowRun | None) -> dict[str, int]:
    if window is None:
        return {}
    slowest = max(window.certified_ms, default=0.0)
    return {
        "sales": window.sales,
        "points_used": window.points_used,
        "earned": window.earned,
        "slowest_certified_ms": round(slowest),
    }


async def _receipt(order: OrderRef, node: NodeClient) -> str:
    return await node.receipt(order)


class _HitLine:
    """A line as the hit feed that the plugin host pumps into."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def submit_hits(self, hits: list[HitIn]) -> HitsDone:
        return await self._line.ask(lambda node: node.submit_hits(hits))
