"""What travels: messages, blocks, transactions, API calls, and their one canonical form."""
