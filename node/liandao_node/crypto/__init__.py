"""Pure cryptographic building blocks: digests, signatures, trees, card secrets.

Nothing here knows a message, a block or a shop.
"""
