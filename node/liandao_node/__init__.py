"""The node of one shop: it agrees with the other shops of the street on one ledger."""

__version__ = "0.1.0"
