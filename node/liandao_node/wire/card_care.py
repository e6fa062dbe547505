"""Care of cards over the local API: PIN, recovery paper, block, a lost card's points on a new one.

Scans carry a card's secret. It crosses this socket, signs in the node, and is kept nowhere (L-5.8).
"""

from typing import Final, TypeAlias

from liandao_node.types import Millis
from liandao_node.wire.api_cards import BlockFor, CardView
from liandao_node.wire.api_message import ApiMessage, Certified, PinField, ScanField

DONE_AT_ONCE: Final = Millis(0)


class SetCardPin(ApiMessage, frozen=True, tag="set_card_pin"):
    presented: ScanField
    """The card itself: eight digits sign nothing."""
    pin: PinField
    """So far; empty for a card without one."""
    new_pin: PinField
    """Empty takes the PIN off."""


class MakePaper(ApiMessage, frozen=True, tag="make_paper"):
    """Asks for a fresh recovery paper. It is nobody's until `SetCardPaper` names it, so that it
    is printed before anything depends on it."""


class SetCardPaper(ApiMessage, frozen=True, tag="set_card_paper"):
    presented: ScanField
    pin: PinField
    paper: ScanField
    """``LD1:H:...`` so far; empty for a card without one."""
    new_paper: ScanField
    """Empty: the card has none from now on."""


class BlockCard(ApiMessage, frozen=True, tag="block_card"):
    presented: ScanField
    """Its eight digits, most often: the card is lost."""
    reason: BlockFor


class UnblockCard(ApiMessage, frozen=True, tag="unblock_card"):
    presented: ScanField
    pin: PinField


class MoveCard(ApiMessage, frozen=True, tag="move_card"):
    """A lost card's points on a new one: at once by its paper, else after a time."""

    lost: ScanField
    """Its eight digits."""
    to: ScanField
    """The new card itself; one that the street does not know is enrolled along with it."""
    paper: ScanField
    """Of the lost card; empty where there is none."""


class FinishCardMove(ApiMessage, frozen=True, tag="finish_card_move"):
    """Ends a move whose time is up."""

    lost: ScanField


class CancelCardMove(ApiMessage, frozen=True, tag="cancel_card_move"):
    """The card that was said to be lost is there."""

    presented: ScanField


class MergeCards(ApiMessage, frozen=True, tag="merge_cards"):
    presented: ScanField
    """The one that goes."""
    pin: PinField
    """Its own."""
    to: ScanField
    """The one that stays."""


class PaperMade(ApiMessage, frozen=True, tag="paper_made"):
    payload: str
    """``LD1:H:...``, to print."""


class CardCared(ApiMessage, frozen=True, tag="card_cared"):
    """What was asked is so, and final."""

    card: CardView
    certified: Certified


class CardMoved(ApiMessage, frozen=True, tag="card_moved"):
    card: CardView
    """The one that has the points, or will."""
    ready_ms: Millis
    """From when on the move can be finished; `DONE_AT_ONCE` where it is done."""
    certified: Certified


CardCareRequest: TypeAlias = (
    SetCardPin
    | MakePaper
    | SetCardPaper
    | BlockCard
    | UnblockCard
    | MoveCard
    | FinishCardMove
    | CancelCardMove
    | MergeCards
)
CardCareReply: TypeAlias = PaperMade | CardCared | CardMoved
