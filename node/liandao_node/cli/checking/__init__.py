"""Whether a stranger's ledger module keeps the promises of docs/modules.md."""
