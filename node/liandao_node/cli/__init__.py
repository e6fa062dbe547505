"""The ``liandao`` command line."""
