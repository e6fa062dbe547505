"""The only module that writes to the terminal."""

import getpass
import os
import sys
from pathlib import Path

from liandao_node.errors import LiandaoError
from liandao_node.wording import sentence


def say(text: str) -> None:
    """A line of a command's answer."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """A line about what goes on; standard output belongs to the answer."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def ask(question: str) -> bool:
    """Whether somebody who is there says yes; where nobody answers, it is no."""
    sys.stdout.write(f"{question} (yes/no) ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def typed(question: str) -> str:
    """A line that is no secret, but nothing for the shell's history either; or the next line of
    what is piped in."""
    if sys.stdin.isatty():
        sys.stdout.write(f"{question}: ")
        sys.stdout.flush()
    return sys.stdin.readline().rstrip("\n")


def unseen(question: str) -> str:
    """A PIN or a scan, typed unseen, or the next line of what is piped in: arguments stand in the
    shell's history and in every list of processes."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{question}: ")
    return sys.stdin.readline().strip()


def tell_error(error: LiandaoError) -> None:
    tell(sentence(error.code, error.facts))


def nobody_listens() -> None:
    """Whoever read our answer has heard enough; nor does the last flush find anybody."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def progress(text: str) -> None:
    """Replaces the line before, where there is a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[2K" + text)
        sys.stderr.flush()


def progress_done() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[2K")
        sys.stderr.flush()
