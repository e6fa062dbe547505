"""What a shop keeps about people may meet these: for cashiers, and for the person who asks."""

PEOPLE: dict[str, str] = {
    "PERSON_UNKNOWN": "This shop keeps nothing about the owner of this card. Nothing was changed,"
    " and the card's points are as they were.",
    "PERSON_KNOWN": "This shop keeps something about the owner of this card already. Nothing was"
    " changed. Please look at it first, then correct what is wrong.",
    "PERSON_EMPTY": "There is nothing to keep: no name, no number, no address, no note. Nothing was"
    " saved.",
    "PERSON_FIELD_LONG": "That text is too long: at most {most} characters. Nothing was saved."
    " Please shorten it.",
    "PHONE_FORM": "This is no phone number. Nothing was saved. Please type {least} to {most}"
    " digits.",
    "MAIL_FORM": "This is no e-mail address. Nothing was saved. Please type it like"
    " name@example.org.",
}
