"""Quorum arithmetic (P-1.1, P-1.2), for any number of seats from 1 up."""


def faults_tolerated(seats: int) -> int:
    """f: how many of ``seats`` may lie or be silent (P-1.1)."""
    assert seats >= 1
    return (seats - 1) // 3


def quorum_size(seats: int) -> int:
    """Q: any two quorums share a seat that does not lie (P-1.2).

    floor((n+f)/2)+1. At n = 5 and 6, 2f+1 = 3 would let two quorums meet in a liar alone.
    """
    return (seats + faults_tolerated(seats)) // 2 + 1
