"""``liandao replay``: real purchases through the ledger of a whole street, in one process."""
