"""Whole screens: widgets put together, drawn from the services' state."""
