"""When two worlds are one: what of an instance can matter in a later round.

Left out are clocks, since a round is longer than every timer; memories of signatures that were
checked; PREPAREs of views that the instance has promised to leave, which count no more
(P-5.1); blocks that no certificate anywhere rests on, once their view is left; who of the others
signed a certificate, since any quorum's holds; and attendance, which no block here tells of.
"""

from collections.abc import Sequence

from liandao_node.sim.twins.instance import Instance, Letter
from liandao_node.types import BlockHash, ShopId
from liandao_node.wire.blocks import COMMIT, PREPARE, Block, Certificate
from liandao_node.wire.codec import encode
from liandao_node.wire.messages import (
    Body,
    Commit,
    FetchRange,
    Message,
    NewView,
    Prepare,
    PrePrepare,
    Range,
    Suspect,
    ViewChange,
)


def of_world(
    instances: Sequence[Instance], letters: Sequence[Sequence[Letter]], twin: ShopId
) -> object:
    """Equal for worlds that cannot be told apart by what follows."""
    certified = _certified(instances, letters)
    said = [[(a, b, gist(word, twin)) for a, b, word in some] for some in letters]
    return [_of_instance(instance, certified) for instance in instances], said


def _certified(
    instances: Sequence[Instance], letters: Sequence[Sequence[Letter]]
) -> frozenset[BlockHash]:
    """Blocks that a certificate names, and what they rest on."""
    found: set[BlockHash] = set()
    blocks: dict[BlockHash, Block] = {}
    for instance in instances:
        r = instance.replica
        blocks |= r.bodies | r.recent
        changes = [change for seats in r.view_changes.values() for change in seats.values()]
        changes += [one for one in (r.durable.view_change, r.views.spoken) if one is not None]
        for proof in (r.durable.new_view, r.views.proof):
            changes += [] if proof is None else proof.view_changes
        named = [r.durable.locked, r.final, r.views.base, r.tip.certificate]
        named += [one for change in changes for one in (change.prepared, change.tip)]
        found |= {certificate.block for certificate in named if certificate is not None}
    for some in letters:
        for _, _, word in some:
            if isinstance(word, ViewChange):
                named = [word.prepared, word.tip]
                found |= {certificate.block for certificate in named if certificate is not None}
    for name in list(found):
        at = name
        while at in blocks:
            at = blocks[at].header.parent
            found.add(at)
    return frozenset(found)


def _of_instance(instance: Instance, certified: frozenset[BlockHash]) -> tuple[object, ...]:
    r, twin = instance.replica, instance.twin
    if r.halted is not None:
        return (r.halted, instance.broken, _chain(instance))
    views, durable = r.views, r.durable
    left = views.current < views.promised and not views.entering
    bodies = {name for name in r.bodies if name in certified or not left}
    return (
        instance.broken,
        instance.proposed,
        _chain(instance),
        _certificate(r.tip.certificate, twin),
        _certificate(durable.locked, twin),
        _certificate(r.final, twin),
        (durable.promised, durable.view, views.current, views.promised, views.entering),
        None if left else (views.poisoned, r.head),
        (views.base_ready, _certificate(views.base, twin)),
        None if durable.view_change is None else gist(durable.view_change, twin),
        None if views.spoken is None else gist(views.spoken, twin),
        None if durable.new_view is None else gist(durable.new_view, twin),
        None if views.proof is None else gist(views.proof, twin),
        r.suspicion is None,
        frozenset(bodies),
        frozenset(r.recent),
        frozenset(r.awaited & certified),
        frozenset((view, seat) for view, seats in r.suspects.items() for seat in seats),
        frozenset(
            (view, gist(change, twin))
            for view, seats in r.view_changes.items()
            for change in seats.values()
        ),
        tuple((peer.promised, peer.tip, peer.caught_up_in) for peer in r.peers.values()),
        _votes(instance),
        _slots(instance),
    )


def gist(message: Message | FetchRange, twin: ShopId) -> object:
    """What a message says, whoever of a quorum signed what it shows."""
    match message:
        case ViewChange(view=view, seat=seat, prepared=prepared, tip=tip):
            return (view, seat, _certificate(prepared, twin), _certificate(tip, twin))
        case NewView(view=view, view_changes=changes):
            return (view, *(gist(change, twin) for change in changes))
        case PrePrepare(view=view, block=block):
            return ("proposal", view, block.header.hash)
        case Prepare(view=view, seq=seq, block=name):
            return (PREPARE, view, seq, name)
        case Commit(view=view, seq=seq, block=name):
            return (COMMIT, view, seq, name)
        case Suspect(view=view):
            return ("suspect", view)
        case Body(block=block):
            return ("body", block.header.hash)
        case Range(blocks=blocks):
            return tuple(
                (one.block.header.hash, _certificate(one.certificate, twin)) for one in blocks
            )
        case _:
            return encode(message)


def _certificate(certificate: Certificate | None, twin: ShopId) -> object:
    """The twin's bit stays, for P-6.7 looks at it."""
    if certificate is None:
        return None
    signed = certificate.signers >> twin & 1
    return (certificate.kind, certificate.view, certificate.seq, certificate.block, signed)


def _chain(instance: Instance) -> Sequence[object]:
    return tuple(committed.block.header.hash for committed in instance.chain)


def _votes(instance: Instance) -> object:
    r = instance.replica
    return frozenset(
        (kind, view, seq, seat, vote.block)
        for seq, slots in r.votes._slots.items()
        for (kind, view), seats in slots.items()
        if kind == COMMIT or view >= r.views.promised
        for seat, vote in seats.items()
    )


def _slots(instance: Instance) -> object:
    r = instance.replica
    if not r.active:
        # What was proposed in a view that is left is opened no more.
        return frozenset(r.early) if r.views.entering else None
    slots = [
        (seq, slot.block, slot.executed, slot.prepared is None) for seq, slot in r.slots.items()
    ]
    return (*slots, *((seq, early.block.header.hash) for seq, early in r.early.items()))
