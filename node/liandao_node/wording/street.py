"""Sentences: see `liandao_node.wording`."""

STREET: dict[str, str] = {}
