"""The ledger: what a block of transactions does to the street's state. Pure (D-2).

It knows neither consensus nor disk nor clock: the same blocks over the same genesis give the
same state root on every machine (I10). docs/ledger.md holds its rules, L-n.m.
"""
