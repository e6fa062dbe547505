"""Blocks that are proven final and wait for the last one under their certificate (P-7.6).

A certificate speaks for a run of blocks whose bodies may not fit one message. So a range may
end inside a run; the headers that follow lead to the certificate, and what is kept here is
proven, block for block, whoever it came from. Nothing of it is given back to a liar.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from liandao_node.limits import RUN_BLOCKS_MAX
from liandao_node.types import BlockHash, Seq
from liandao_node.wire.blocks import COMMIT, Block, Certificate, Header
from liandao_node.wire.messages import RangeProof

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica


@dataclass(frozen=True, slots=True)
class Run:
    """At most RUN_BLOCKS_MAX blocks in all."""

    blocks: tuple[Block, ...]
    """From the tip upwards."""
    hashes: tuple[BlockHash, ...]
    """Of the blocks above those, upwards; the last is the certificate's."""
    certificate: Certificate

    def names(self, header: Header, block: BlockHash) -> bool:
        """Whether the block is the one of its height that the certificate speaks for."""
        above = self.certificate.seq - header.seq
        return 0 <= above < len(self.hashes) and self.hashes[-1 - above] == block


def held(r: Replica) -> Run | None:
    """The run that goes on from the tip; one that the tip has overtaken is dropped."""
    run = r.run
    if run is None or run.certificate.seq <= r.tip.seq:
        r.run = None
        return None
    blocks = tuple(block for block in run.blocks if block.header.seq > r.tip.seq)
    if len(blocks) != len(run.blocks):
        stands = bool(blocks) and blocks[0].header.parent == r.tip.hash
        r.run = Run(blocks, run.hashes, run.certificate) if stands else None
    return r.run


def wanted(r: Replica) -> Seq:
    """The lowest height whose block is not here: where a range should begin."""
    run = held(r)
    return Seq(r.tip.seq + 1 + (len(run.blocks) if run is not None else 0))


def keep(r: Replica, chain: list[Block], proof: RangeProof | None) -> bool:
    """Keeps blocks above the tip that a certificate further up speaks for.

    False if ``proof`` does not lead to one. Without a proof nothing is kept, and nobody is
    at fault.
    """
    run = held(r)
    if run is not None:
        # Each block was held against the run's hashes when it came.
        added = len(chain) - len(run.blocks)
        r.run = Run(tuple(chain), run.hashes[added:], run.certificate)
        return True
    if proof is None:
        return True
    headers = [chain[-1].header, *proof.headers]
    if not proof.headers or len(chain) + len(proof.headers) > RUN_BLOCKS_MAX:
        return False
    if not all(_follows(lower, upper) for lower, upper in pairwise(headers)):
        return False
    top, certificate = headers[-1], proof.certificate
    if (certificate.seq, certificate.block) != (top.seq, top.hash):
        return False
    if not r.checker.holds(certificate, COMMIT):
        return False
    r.run = Run(tuple(chain), tuple(header.hash for header in proof.headers), certificate)
    return True


def _follows(lower: Header, upper: Header) -> bool:
    same_epoch = upper.epoch == lower.epoch and not lower.next_committee
    return same_epoch and upper.seq == lower.seq + 1 and upper.parent == lower.hash
