"""Twins: every way to split a street of four whose one seat runs on two computers.

After "Twins: BFT Systems Made Robust" (Bano et al.): two instances of honest code with one key
behave like most liars that matter, and partitions need no imagination, only counting. Views
are rounds; in each, the five instances are split in two, in every way, and the sequences of
splits are all tried. Worlds that are equal are gone on with once (`census`), and what an
instance does is computed once for each of its states (`instance`), so that all of it takes
minutes.
"""
