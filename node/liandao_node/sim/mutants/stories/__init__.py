"""Directed stories: each passes on the code as it is, and fails if one rule is broken.

They speak to one seat at a time, as all others and as a liar could; what takes a whole street
is a plan of `sim.plan`, written by hand.
"""
