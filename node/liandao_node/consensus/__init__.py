"""DS-PBFT as a pure state machine: events in, effects out (docs/protocol.md).

The caller's obligations:

1. Call `Replica.step(event, now_ms)` with every event, one at a time, ``now_ms`` from a
   monotonic clock, and carry the returned effects out in order.
2. After a `Persist`, give `Persisted(token)` back once the record is durable. Nothing that
   depends on it was returned before.
3. After an `Execute`, run the block on its parent's state and give `Executed` back.
4. Whenever transactions wait, ask `Replica.wanted()` and answer with `Proposed`.
5. Give `Tick` every `limits.TICK_MS`, `PeerUp`, `PeerDown` and `Waiting` as they happen.

It knows no clock, socket, disk, thread or randomness, and nothing of what a block's
transactions mean.
"""
