"""Points given by hand: asked for by one person, approved by another with a PIN (R21). Qt-free.

A gift has a name of its own and is asked for again until there is an answer. Its PIN is never
written down, so a gift without an answer does not outlive the window; nothing is lost by that, it
can simply be given again where the card shows that it was not.
"""

import secrets
from dataclasses import dataclass

import trio
from liandao_node.client import CardView, GivePoints, GivingReason, GivingTold, PointsGiven
from liandao_node.errors import LiandaoError, Unavailable
from liandao_node.types import Amount

from liandao_app.services.hold import ASK_AGAIN_S
from liandao_app.services.link import EXPECTED, Changed, Link
from liandao_app.services.refunds import NAME_BYTES
from liandao_app.services.sales import Clock, Stage


@dataclass(frozen=True, slots=True)
class Wish:
    """What the people at the till have filled in."""

    amount: Amount
    reason: GivingReason | None
    asked_by: str
    approved_by: str
    pin: str

    @property
    def whole(self) -> bool:
        """Whether it can be asked for; two equal names are the node's to refuse, in words."""
        return bool(self.amount and self.reason and self.asked_by and self.approved_by and self.pin)


@dataclass(eq=False, slots=True)
class Gift:
    """Points on their way to a card."""

    request: GivePoints
    code: str
    """Of the card."""
    stage: Stage = Stage.ASKED
    done: PointsGiven | None = None
    error: LiandaoError | None = None


class Giving:
    """One register's gift in work."""

    def __init__(self, link: Link, nursery: trio.Nursery, changed: Changed, clock: Clock) -> None:
        self._link = link
        self._nursery = nursery
        self._changed = changed
        self._clock = clock
        self.card: CardView | None = None
        self.told: GivingTold | None = None
        """What may be given today, and by whom, once the node has said it."""
        self.trouble: LiandaoError | None = None
        self.gift: Gift | None = None

    @property
    def connected(self) -> bool:
        return self._link.connected

    def begin(self, card: CardView) -> None:
        """For that card, from the start."""
        self.card, self.told, self.trouble, self.gift = card, None, None, None
        self._changed()
        self._nursery.start_soon(self._look)

    def give(self, wish: Wish) -> bool:
        """Asks for the points; False while something is missing or a gift is on its way."""
        asked = self.gift is not None and self.gift.stage is not Stage.REFUSED
        if self.card is None or not wish.whole or asked:
            return False
        assert wish.reason is not None
        request = GivePoints(
            grant=secrets.token_bytes(NAME_BYTES),
            card=self.card.card,
            amount=wish.amount,
            asked_by=wish.asked_by,
            approved_by=wish.approved_by,
            pin=wish.pin,
            reason=wish.reason,
            at_ms=self._clock(),
        )
        self.gift = Gift(request, self.card.code)
        self._changed()
        self._nursery.start_soon(self._ask, self.gift)
        return True

    async def _ask(self, gift: Gift) -> None:
        try:
            gift.done = await self._insist(gift.request)
        except EXPECTED as error:
            gift.error, gift.stage = error, Stage.REFUSED
        else:
            gift.stage = Stage.CERTIFIED
        self._changed()
        await self._look()

    async def _insist(self, request: GivePoints) -> PointsGiven:
        while True:
            node = await self._link.node()
            try:
                return await node.give_points(request)
            except Unavailable:
                await trio.sleep(ASK_AGAIN_S)

    async def _look(self) -> None:
        node = await self._link.node()
        try:
            self.told = await node.giving()
        except EXPECTED as error:
            self.trouble = error
        else:
            self.trouble = None
        self._changed()
