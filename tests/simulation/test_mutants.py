"""Planted bugs: what checks the street must find every one of them.

Each mutant breaks one rule in the running code. Its story must then fail, and pass when nothing
is broken; so must a random life, for those bugs that show in many.
"""

import pytest
from liandao_node.sim.mutants.catalogue import MUTANTS, Mutant
from liandao_node.sim.mutants.hunt import tell, try_lives
from liandao_node.sim.mutants.planting import Patches, planted
from liandao_node.sim.plan import draw
from liandao_node.sim.story import live

FIRST_SEED = 500_000
LIVES = 8

OFTEN = [mutant for mutant in MUTANTS if mutant.often]


def _name(mutant: Mutant) -> str:
    return mutant.name


def test_there_are_enough_and_each_says_what_it_breaks() -> None:
    assert len(MUTANTS) >= 20
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    for mutant in MUTANTS:
        assert mutant.breaks.endswith(".")
        assert "\n" not in mutant.breaks


@pytest.mark.parametrize("mutant", MUTANTS, ids=_name)
def test_a_story_passes_on_the_code_as_it_is_and_finds_its_mutant(mutant: Mutant) -> None:
    assert tell(mutant.story) == ""
    with planted(mutant.plant):
        assert tell(mutant.story) != ""
    assert tell(mutant.story) == "", "the bug is still there"


@pytest.mark.parametrize("mutant", OFTEN, ids=_name)
def test_random_lives_find_a_mutant_and_nothing_else(mutant: Mutant) -> None:
    with planted(mutant.plant):
        lived, seed, found = try_lives(range(FIRST_SEED, FIRST_SEED + LIVES))
    assert found, f"{lived} lives passed"
    assert live(draw(seed)).failure == ""


def test_a_patch_is_taken_back_whatever_happens() -> None:
    before = {name: vars(Patches)[name] for name in ("put", "undo")}

    def plant(patch: Patches) -> None:
        patch.put(Patches, "everywhere", None)
        raise KeyError

    with pytest.raises(KeyError), planted(plant):
        pass
    assert Patches.everywhere is not None
    assert {name: vars(Patches)[name] for name in before} == before


def test_a_patch_of_what_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        Patches().put(Patches, "nothing_of_this_name", None)
    with pytest.raises(AssertionError):
        Patches().everywhere(object(), None)
