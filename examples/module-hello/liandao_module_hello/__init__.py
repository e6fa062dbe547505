"""A café's stamp card, as a ledger module of a Liandao street."""
