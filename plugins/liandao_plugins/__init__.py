"""Plugins of Liandao: the interface, the host that runs them, and the built-in ones."""
