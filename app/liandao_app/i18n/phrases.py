"""What the counter says about a sale or a card, as sentences. No widgets here.

A sentence says what happened, whether money and points are safe, and what now. Asked,
certified and refused never share a wording (D-16).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from liandao_node.client import CARD, CASH, CardView
from liandao_node.types import ShopId
from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTimeZone

from liandao_app.i18n.wording import error_sentence
from liandao_app.services.money import Money
from liandao_app.services.sales import Sale, Stage

translate = QCoreApplication.translate

MINUTE_S: Final = 60
DAY_MS: Final = 86_400_000
SEPARATOR: Final = " · "
DATES_SHOWN_MAX: Final = 2


class Mood(Enum):
    """How the strip looks."""

    QUIET = "quiet"
    ASKED = "asked"
    CERTIFIED = "certified"
    REFUSED = "refused"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Line:
    """Content of the strip."""

    words: str
    mood: Mood = Mood.QUIET
    state: str = ""
    change: str = ""
    offers_without_points: bool = False
    close: str = ""
    """Label of the button that puts the message away; empty for none."""


def sale_line(sale: Sale, money: Money, *, connected: bool) -> Line:
    """The strip for a sale that was just taken or needs a decision."""
    if sale.stage is Stage.CERTIFIED:
        return Line(
            certified_words(sale, money),
            Mood.CERTIFIED,
            _certified_state(sale, money),
            _change(sale, money),
        )
    if sale.stage is Stage.REFUSED:
        return _refused_line(sale, money)
    if sale.points_slow:
        words = translate(
            "Counter", "Points not confirmed yet. Nothing was taken. Wait, or take {amount} more."
        ).format(amount=money.priced(sale.slip.points))
        return Line(words, Mood.WARN, taken_words(sale, money), offers_without_points=True)
    if not connected:
        state = translate(
            "Counter", "Saved on this computer. It is sent as soon as the connection is back."
        )
    elif sale.points_dropped:
        state = translate("Counter", "Without points: take {amount} more.").format(
            amount=money.priced(sale.points_dropped)
        )
    else:
        state = translate("Counter", "Being confirmed by the street…")
    return Line(taken_words(sale, money), Mood.ASKED, state, _change(sale, money))


def last_sale_line(sale: Sale | None, money: Money, locale: QLocale) -> Line:
    """The strip while the next sale is worked on."""
    if sale is None:
        return Line(translate("Counter", "Ready for the first sale."))
    stage = {
        Stage.ASKED: translate("Counter", "being confirmed"),
        Stage.CERTIFIED: translate("Counter", "confirmed"),
        Stage.REFUSED: translate("Counter", "refused"),
    }[sale.stage]
    at = QDateTime.fromMSecsSinceEpoch(sale.slip.at_ms).time()
    certified = sale.stage is Stage.CERTIFIED
    parts = [
        translate("Counter", "Last sale {time}").format(time=locale.toString(at, "HH:mm")),
        certified_words(sale, money) if certified else taken_words(sale, money),
        stage,
    ]
    if sale.slip.change:
        change = translate("Counter", "change {amount}")
        parts.insert(2, change.format(amount=money.text(sale.slip.change)))
    return Line(SEPARATOR.join(parts))


def taken_words(sale: Sale, money: Money) -> str:
    """What the counter did, before any certificate: no points earned, no new balance."""
    parts = [_paid_words(sale, money)]
    if sale.slip.points:
        asked = translate("Counter", "points asked for {amount}")
        parts.append(asked.format(amount=money.text(sale.slip.points)))
    return SEPARATOR.join(parts)


def certified_words(sale: Sale, money: Money) -> str:
    """What the ledger says happened."""
    assert sale.sold is not None
    parts = [_paid_words(sale, money)]
    if sale.slip.card:
        sold = sale.sold
        if sold.points_used:
            used = translate("Counter", "points used {amount}")
            parts.append(used.format(amount=money.text(sold.points_used)))
        earned = translate("Counter", "earned {amount}")
        parts.append(earned.format(amount=money.text(sold.earned)))
        balance = translate("Counter", "new balance {amount}")
        parts.append(balance.format(amount=money.text(sold.balance)))
    return SEPARATOR.join(parts)


def expiry_words(card: CardView, money: Money, locale: QLocale, utc_offset_minutes: int) -> str:
    """``of it 3.20 expires 31 Dec``, or all of it; empty when nothing does."""
    if card.next_expiry == 0:
        return ""
    zone = QTimeZone(utc_offset_minutes * MINUTE_S)
    # The points are gone at that instant: the last good day is the one before it.
    moment = QDateTime.fromMSecsSinceEpoch(card.next_expiry_ms - 1, zone)
    day = day_words(moment.date(), locale)
    if card.next_expiry == card.available:
        return translate("Counter", "all of it expires {day}").format(day=day)
    return translate("Counter", "of it {amount} expires {day}").format(
        amount=money.text(card.next_expiry), day=day
    )


def points_details(
    card: CardView,
    money: Money,
    locale: QLocale,
    utc_offset_minutes: int,
    shop: ShopId | None,
) -> list[str]:
    """A line each for later expiries, for points that may not be used yet, and for what this
    shop's next points are set off against (R7). The earliest expiry stands elsewhere."""
    zone = QTimeZone(utc_offset_minutes * MINUTE_S)

    def day(time_ms: int) -> str:
        return day_words(QDateTime.fromMSecsSinceEpoch(time_ms, zone).date(), locale)

    lines = []
    # The points are gone at that instant: the last good day is the one before it.
    later = [(day(at - 1), amount) for at, amount in _sums(card, vested=True)[1:]]
    if later:
        parts = [f"{money.text(amount)} {until}" for until, amount in later[:DATES_SHOWN_MAX]]
        if len(later) > DATES_SHOWN_MAX:
            rest = translate("Counter", "{amount} later")
            left = sum(amount for _, amount in later[DATES_SHOWN_MAX:])
            parts.append(rest.format(amount=money.text(left)))
        then = translate("Counter", "Then expire: {dates}")
        lines.append(then.format(dates=SEPARATOR.join(parts)))
    waiting = translate("Counter", "{amount} more can be used from {day}")
    lines += [
        waiting.format(amount=money.text(amount), day=day(at))
        for at, amount in _sums(card, vested=False)[:DATES_SHOWN_MAX]
    ]
    owed = sum(debt.amount for debt in card.debts if debt.shop == shop)
    if owed:
        debt = translate("Counter", "The next {amount} earned here are set off (refund)")
        lines.append(debt.format(amount=money.text(owed)))
    return lines


def all_dates(card: CardView, money: Money, locale: QLocale, utc_offset_minutes: int) -> list[str]:
    """Every date on which points expire, and how many (R7)."""
    zone = QTimeZone(utc_offset_minutes * MINUTE_S)
    words = translate("Counter", "{amount} until {day}")
    lines = []
    for at, amount in _sums(card, vested=True):
        moment = QDateTime.fromMSecsSinceEpoch(at - 1, zone)
        day = day_words(moment.date(), locale)
        lines.append(words.format(amount=money.text(amount), day=day))
    return lines


def _sums(card: CardView, *, vested: bool) -> list[tuple[int, int]]:
    """When how many points expire, or may be used; earliest first."""
    sums: dict[int, int] = {}
    for lot in card.lots:
        if bool(lot.vests_ms) is not vested:
            at = lot.expires_ms if vested else lot.vests_ms
            sums[at] = sums.get(at, 0) + lot.amount
    return sorted(sums.items())


def visit_words(card: CardView, locale: QLocale, utc_offset_minutes: int) -> str:
    """When the card was last used in the street."""
    if card.last_seen_ms == 0:
        return translate("Counter", "First visit")
    zone = QTimeZone(utc_offset_minutes * MINUTE_S)
    day = QDateTime.fromMSecsSinceEpoch(card.last_seen_ms, zone).date()
    return translate("Counter", "Last visit {day}").format(day=day_words(day, locale))


def day_words(day: QDate, locale: QLocale) -> str:
    """A day as people say it; with its year when that is another one."""
    if day.year() == QDate.currentDate().year():
        return locale.toString(day, translate("Counter", "d MMM", "day of this year"))
    return locale.toString(day, translate("Counter", "d MMM yyyy", "day of another year"))


def _paid_words(sale: Sale, money: Money) -> str:
    words = {
        CASH: translate("Counter", "Paid {amount} cash"),
        CARD: translate("Counter", "Paid {amount} by card"),
    }.get(sale.slip.tender, translate("Counter", "Paid {amount}"))
    return words.format(amount=money.text(sale.slip.paid))


def _certified_state(sale: Sale, money: Money) -> str:
    assert sale.sold is not None
    if sale.sold.limited:
        return translate(
            "Counter",
            "Confirmed. No points were given: the shop reached its points limit. The sale is fine.",
        )
    if sale.points_dropped:
        return translate("Counter", "Confirmed without points: {amount} more was to pay.").format(
            amount=money.priced(sale.points_dropped)
        )
    return translate("Counter", "Confirmed by the street")


def _refused_line(sale: Sale, money: Money) -> Line:
    assert sale.error is not None
    return Line(
        error_sentence(sale.error, money),
        Mood.REFUSED,
        translate("Counter", "Refused: {sale}").format(sale=taken_words(sale, money)),
        offers_without_points=sale.slip.points > 0,
        close=translate("Counter", "Understood"),
    )


def _change(sale: Sale, money: Money) -> str:
    return money.priced(sale.slip.change) if sale.slip.change else ""
