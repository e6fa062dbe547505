"""Keeps the translation files in step with the source: for translators and for the tests.

``python app/update_translations.py`` collects every text, adds what is new to the ``.ts``
files as unfinished, takes out what is gone, and compiles the ``.qm`` files with lrelease of
the Qt wheel. Both kinds are committed, so a checkout speaks every language without a build.
It is no part of the package.
"""

import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import PySide6
from liandao_app.i18n.language import FOLDER, Language
from liandao_app.i18n.wording import CONTEXT
from liandao_node.ledger.module_set import MachineRefusal
from liandao_node.ledger.modules import BUILTIN
from liandao_node.wording import SENTENCES, UNKNOWN
from liandao_node.wording.cards import CARDS
from liandao_node.wording.clearing import CLEARING
from liandao_node.wording.counter import COUNTER
from liandao_node.wording.coupons import COUPONS
from liandao_node.wording.people import PEOPLE
from liandao_node.wording.points import POINTS
from liandao_node.wording.pool import POOL
from liandao_node.wording.rules import RULES
from liandao_node.wording.stake import STAKE

APP: Final = FOLDER.parent
TRANSLATED: Final = tuple(language for language in Language if language is not Language.ENGLISH)

PEOPLES: Final = (
    CARDS,
    CLEARING,
    COUNTER,
    COUPONS,
    PEOPLE,
    POINTS,
    POOL,
    RULES,
    STAKE,
)
"""Sentences that are all for people of a shop. The other files' are for terminals and logs."""

ALSO_SHOWN: Final = (
    "API_CLIENTS_FULL",
    "API_FILE_BAD",
    "API_NOT_OURS",
    "API_TOKEN_WRONG",
    "API_USER_WRONG",
    "API_VERSION",
    "CARD_NOT_SCANNED",
    "DATABASE_BUSY",
    "DISK_FAILED",
    "DISK_FULL",
    "MALFORMED",
    "PAPER_OTHER_KIND",
    "PRINTING_UNKNOWN",
    "STORE_BEHIND",
    "STORE_STOPPED",
)
"""Codes from elsewhere in the node that can reach the counter. What only a terminal ever
shows stays English."""


class Text(NamedTuple):
    """One text to translate. ``note`` tells texts apart that read the same in English."""

    context: str
    source: str
    note: str = ""


def texts() -> list[Text]:
    """Every text of the app, and the sentences for errors; sorted."""
    found = {text for path in APP.rglob("*.py") for text in _texts_in(path)}
    shown = {code for sentences in PEOPLES for code in sentences} | refusals() | {*ALSO_SHOWN}
    found |= {Text(CONTEXT, SENTENCES[code]) for code in shown} | {Text(CONTEXT, UNKNOWN)}
    return sorted(found)


def refusals() -> set[str]:
    """Whatever the street may answer to a call: of the ledger itself and of every module."""
    modules = {refusal.name for module in BUILTIN for refusal in module.refusals or ()}
    return modules | {refusal.name for refusal in MachineRefusal}


def ts_path(language: Language) -> Path:
    return FOLDER / f"liandao_{language.value}.ts"


def qm_path(language: Language) -> Path:
    return ts_path(language).with_suffix(".qm")


def read_ts(language: Language) -> dict[Text, str]:
    """The translations of a ``.ts`` file; an unfinished one is empty."""
    path = ts_path(language)
    if not path.exists():
        return {}
    read: dict[Text, str] = {}
    # The file is our own, from our own package.
    for context in ET.parse(path).getroot().iter("context"):  # noqa: S314
        name = context.findtext("name", "")
        for message in context.iter("message"):
            text = Text(name, message.findtext("source", ""), message.findtext("comment", ""))
            read[text] = message.findtext("translation", "")
    return read


def write_ts(language: Language, translations: dict[Text, str]) -> None:
    """Writes exactly the texts of the app, with the translations that there are."""
    root = ET.Element("TS", version="2.1", language=language.value, sourcelanguage="en")
    contexts: dict[str, ET.Element] = {}
    for text in texts():
        if text.context not in contexts:
            contexts[text.context] = ET.SubElement(root, "context")
            ET.SubElement(contexts[text.context], "name").text = text.context
        message = ET.SubElement(contexts[text.context], "message")
        ET.SubElement(message, "source").text = text.source
        if text.note:
            ET.SubElement(message, "comment").text = text.note
        translated = translations.get(text, "")
        kind = {} if translated else {"type": "unfinished"}
        ET.SubElement(message, "translation", kind).text = translated
    ET.indent(root, " ")
    document = ET.tostring(root, encoding="unicode")
    ts_path(language).write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{document}\n', encoding="utf-8"
    )


def compile_qm(language: Language, target: Path) -> None:
    """Compiles a language's ``.ts`` to ``target``."""
    lrelease = Path(PySide6.__file__).parent / "lrelease"
    subprocess.run(
        [lrelease, "-silent", ts_path(language), "-qm", target], check=True, capture_output=True
    )


def main() -> int:
    """Brings all files in step; 1 when something is left to translate."""
    missing = 0
    for language in TRANSLATED:
        write_ts(language, read_ts(language))
        compile_qm(language, qm_path(language))
        open_ = [text for text, translated in read_ts(language).items() if not translated]
        missing += len(open_)
        for text in open_:
            sys.stdout.write(f"{language.value}: {text.source}\n")
    return 1 if missing else 0


def _texts_in(path: Path) -> Iterator[Text]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or _name(node.func) != "translate":
            continue
        # Texts that are no literals are collected elsewhere: the sentences for errors.
        parts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        if len(parts) == len(node.args):
            yield Text(*(str(part) for part in parts))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


if __name__ == "__main__":
    sys.exit(main())
