"""Proof that the checks bite: planted protocol bugs, and what finds each of them.

A mutant is the production code with one rule broken while the process runs: a function or a
constant is replaced, never a file. For each there is a directed story, which passes on the code
as it is, and for most the random lives of `sim.story` find it, too. A mutant that survives means
that a rule of docs/protocol.md or docs/ledger.md is held by nothing.
"""
