"""Sentences: see `liandao_node.wording`."""

COUNTER: dict[str, str] = {}
