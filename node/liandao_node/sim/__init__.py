"""A street in one thread, under virtual time, from one seed (docs/testing.md).

The production consensus core and ledger run as they are. Around them everything that a node
finds in the world is simulated: network, disks, clocks, power, and members that lie. What
must never happen is checked after every step; a seed says everything about a run, so that a
failure is a number, and can be made small.

It knows no real clock, socket, file or thread; `fleet` alone uses processes.
"""
