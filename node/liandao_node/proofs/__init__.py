"""Receipts: proofs of an entry that a customer can check without us. Pure.

``receipt`` makes them, ``verifier`` checks them by code of its own, ``statements`` puts what
they say into words.
"""
