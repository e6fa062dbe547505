"""The running node: the one place where consensus, ledger, stores and network meet."""
