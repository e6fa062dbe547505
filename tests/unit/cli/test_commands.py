"""The command line finds its commands, and loads none but the one that was asked for."""

import argparse
import subprocess
import sys

import pytest
from liandao_node.cli.main import COMMANDS, build_parser


def _offered(parser: argparse.ArgumentParser) -> set[str]:
    (commands,) = (
        action
        for action in parser._actions  # argparse has no other way to ask
        if isinstance(action, argparse._SubParsersAction)
    )
    return set(commands.choices)


def test_the_table_of_commands_is_whole() -> None:
    assert _offered(build_parser()) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_in_the_module_that_the_table_names(command: str) -> None:
    assert command in _offered(build_parser(command))


def test_a_word_that_is_no_command_is_answered_with_all_of_them() -> None:
    assert _offered(build_parser("sell")) == set(COMMANDS)


def test_a_node_starts_without_the_simulator_and_the_benchmarks() -> None:
    """Each shop's computer does that every morning, and four nodes do it in each test."""
    asked = "import sys; from liandao_node.cli.main import build_parser; build_parser('node');"
    told = "print([name for name in sys.modules if '.sim' in name or '.bench' in name])"
    done = subprocess.run([sys.executable, "-c", asked + told], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
