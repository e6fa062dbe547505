"""Files of statements and keys: what an owner, a treasurer or a witness signs, on its way.

A statement file is JSON with the ledger's call; what else stands in it is for people and is
not read. A key file holds a seed in hexadecimal, readable by its user alone.
"""

import json
import os
from pathlib import Path
from typing import Final

from liandao_node.client import BringStatement
from liandao_node.crypto.keys import SEED_BYTES, SigningKey
from liandao_node.errors import InputFault, OperatorFault

STATEMENT_BYTES_MAX: Final = 64 * 1024


def statement_text(request: BringStatement, words: str = "") -> str:
    """A statement file; ``words`` say to whoever opens it what it is."""
    told = {"words": words} if words else {}
    document = {**told, "call": request.call, "body": request.body.hex()}
    return json.dumps(document, ensure_ascii=False) + "\n"


def read_statement(path: Path) -> BringStatement:
    """Raises InputFault ``STATEMENT_BAD``, or OSError."""
    try:
        document = json.loads(_text(path))
        return BringStatement(int(document["call"]), bytes.fromhex(document["body"]))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputFault("STATEMENT_BAD", path=str(path)) from error


def write_statement(path: Path, request: BringStatement, words: str) -> None:
    """Whole or not at all: signatures collected in it must not be lost. Raises OSError."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(statement_text(request, words), encoding="utf-8")
    draft.replace(path)


def read_hex(path: Path) -> bytes:
    """Raises InputFault ``STATEMENT_BAD``, or OSError."""
    try:
        return bytes.fromhex(_text(path).strip())
    except ValueError as error:
        raise InputFault("STATEMENT_BAD", path=str(path)) from error


def read_key(path: Path) -> SigningKey:
    """Raises OperatorFault ``KEY_FILE_BAD``, or OSError."""
    try:
        seed = bytes.fromhex(_text(path).strip())
    except ValueError as error:
        raise OperatorFault("KEY_FILE_BAD", path=str(path)) from error
    if len(seed) != SEED_BYTES:
        raise OperatorFault("KEY_FILE_BAD", path=str(path))
    return SigningKey(seed)


def write_key(path: Path, key: SigningKey) -> None:
    """Raises OSError where the file is there already: it may hold a key in use."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        file.write(key.seed.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(STATEMENT_BYTES_MAX).decode()
