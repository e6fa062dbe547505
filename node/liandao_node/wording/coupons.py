"""What coupons, stamp cards, rebates and referrals may meet: for cashiers and owners."""

COUPONS: dict[str, str] = {
    "CAMPAIGN_UNKNOWN": "The street has no such campaign. Nothing was changed. Please check its"
    " number.",
    "CAMPAIGN_KIND": "That campaign is of another kind. Nothing was changed. Please choose another"
    " one.",
    "CAMPAIGN_FOREIGN": "That campaign belongs to another shop. Nothing was changed. Only the shop"
    " that made it, or the one that pays for it, can do this.",
    "CAMPAIGN_WAITS": "The shop that is to pay for this campaign has not agreed yet. Nothing was"
    " changed. Please ask it to.",
    "CAMPAIGN_CLOSED": "This campaign is over. Nothing was taken off the bill, and the customer's"
    " points are safe.",
    "CAMPAIGNS_FULL": "This shop has as many campaigns running as it may. No other one was added."
    " Please close one first.",
    "TERMS_UNCLEAR": "It is not clear what the coupon is worth. The campaign was not published."
    " Enter either an amount, or a percentage with an upper limit.",
    "DATES_BACKWARDS": "The campaign would end before it begins, or has ended. It was not"
    " published. Please correct the dates.",
    "PLACES_UNORDERED": "The list of shops names one twice or is out of order. The campaign was"
    " not published. Please choose the shops again.",
    "BUDGET_UNCOVERED": "The bond of the shop that pays does not cover this budget. Nothing was"
    " published. Lower the budget, or raise the bond.",
    "SPONSOR_STOPPED": "The shop that pays for this has stopped paying or is leaving the street."
    " Nothing was taken off the bill. Please go on without the coupon.",
    "SPONSORED_BEFORE": "This shop agreed to pay for the campaign before. Nothing was changed.",
    "COUPONS_PRINTED": "The campaign does not have that many coupons left to give. None was added."
    " Ask for fewer, or make another campaign.",
    "COUPON_NOT_HERE": "This coupon is not taken at this shop. Nothing was taken off the bill, and"
    " the coupon is still good elsewhere.",
    "COUPON_NOT_NOW": "This coupon is not taken at this time. Nothing was taken off the bill, and"
    " the coupon was not used up.",
    "COUPON_BILL_SMALL": "The bill is too small for this coupon. Nothing was taken off, and the"
    " coupon is still good for a larger bill.",
    "COUPON_CARD_MISSING": "This coupon goes with a customer's card. Nothing was taken off yet."
    " Please scan the card, then the coupon.",
    "COUPON_FALSE": "This is not a coupon that was printed for the campaign. Nothing was taken off"
    " the bill. Please scan it again, or keep it for the owner.",
    "COUPON_USED": "This coupon was used before. Nothing was taken off the bill a second time."
    " Please go on without it.",
    "COUPON_HELD": "Another till has just scanned this coupon. Nothing was taken off here. It is"
    " free again in some minutes, unless it is used there.",
    "COUPON_CARD_CAP": "This card has had as many of these coupons as one card may. Nothing was"
    " taken off the bill. Please go on without the coupon.",
    "COUPON_BUDGET": "The campaign has less money left than this coupon takes off. Nothing was"
    " taken off the bill. Please go on without it.",
    "COUPON_HOLDS_FULL": "Too many tills have coupons of this campaign open. Nothing was taken"
    " off. Please try again in a minute.",
    "COUPON_HOLD_KNOWN": "This coupon was scanned before for this bill. Nothing was changed."
    " Please scan it again.",
    "COUPON_HOLD_UNKNOWN": "The coupon is no longer on this bill. Nothing was taken off. Please"
    " scan it again.",
    "COUPON_HOLD_EXPIRED": "The coupon was scanned too long ago. It was not used up. Please scan"
    " it again.",
    "COUPON_HOLD_SPENT": "The coupon was used or given back before. Nothing was taken off a second"
    " time.",
    "COUPONS_NOT_TOGETHER": "These coupons do not go together on one bill. None was used up."
    " Please take the better one.",
    "COUPON_BILL_OTHER": "The bill has changed since the coupon was scanned. The sale is saved and"
    " the coupon was not used up. Please correct the sale.",
    "COUPON_ORDER_CARD": "The coupon belongs to another card than the sale. The sale is saved and"
    " the coupon was not used up. Please correct the sale.",
    "COUPONS_ON_ORDER": "The coupons of this sale were recorded before. Nothing was taken off a"
    " second time.",
    "COUPONS_UNDONE": "The coupons of this sale were given back before. Nothing was changed.",
    "COUPON_ORDER_PAID": "Money or points were paid for this sale. Nothing was changed. Please"
    " refund the sale: its coupons come back by themselves.",
    "WALLET_FULL": "This card takes part in too many campaigns. Nothing was changed; its points"
    " and coupons are safe. It can take part again when one of them ends.",
    "REWARD_UNFIT": "A full stamp card needs a coupon of this shop that is given to cards. The"
    " stamp card was not published. Please make that coupon first.",
    "STAMPS_JOINED": "This shop takes part in that stamp card. Nothing was changed.",
    "STAMPS_NOT_JOINED": "This shop does not take part in that stamp card. Nothing was changed.",
    "REFERRAL_TO_SELF": "A shop cannot send a customer to itself. Nothing was recorded. Please"
    " choose another shop.",
    "REFERRAL_NOT_OFFERED": "That shop pays nothing for customers who are sent to it. Nothing was"
    " recorded; the customer can go there all the same.",
    "REFERRAL_DAY": "The card was scanned on another day. Nothing was recorded. Please scan it"
    " again.",
    "REFERRAL_TAKEN": "Another shop sent this customer there first. Nothing was changed, and"
    " nothing is to be done.",
    "REFERRAL_KNOWN": "This customer bought at that shop lately, so nobody is paid for sending"
    " them. Nothing was recorded.",
}
