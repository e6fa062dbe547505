"""Sentences: see `liandao_node.wording`."""

MACHINE: dict[str, str] = {}
