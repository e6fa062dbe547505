"""What a node keeps: SQLite databases that tell what a crash can cost (docs/storage.md).

``files``    the data directory and its lock
``voter``    key and votes: never lost, never older than the last acknowledged save
``ledger``   blocks and state: a power cut costs the last blocks, which the peers have
``outbox``   own transactions on their way, receipt numbers
``traffic``  this shop's traffic, chained by hash
``writer``   one thread per database, many items in one commit

Calls block; the stores know neither trio nor what their bytes mean.
"""
