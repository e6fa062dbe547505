"""Encrypted channels between shops, and how shops find each other."""
