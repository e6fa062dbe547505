"""Checks of a node's own records, offline and read-only (docs/protocol.md section 8)."""
