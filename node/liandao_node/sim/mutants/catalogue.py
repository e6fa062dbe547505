"""All mutants: the bug, the rule that it violates, and the story that is told to find it."""

from collections.abc import Callable
from dataclasses import dataclass

from liandao_node.sim.mutants.bugs import long_runs as long_run_bugs
from liandao_node.sim.mutants.bugs import people as people_bugs
from liandao_node.sim.mutants.bugs import views as view_bugs
from liandao_node.sim.mutants.bugs import voting as voting_bugs
from liandao_node.sim.mutants.planting import Plant
from liandao_node.sim.mutants.stories import long_runs, people, views, voting


@dataclass(frozen=True)
class Mutant:
    plant: Plant
    rule: str
    """The rule that the bug violates."""
    story: Callable[[], None]
    often: bool = False
    """Whether a dozen random lives are enough to find it; the table says which was."""

    @property
    def name(self) -> str:
        return self.plant.__name__.replace("_", "-")

    @property
    def breaks(self) -> str:
        """A sentence that says what it breaks."""
        return (self.plant.__doc__ or "").strip()

    @property
    def told(self) -> str:
        """The story's name."""
        return self.story.__name__.replace("_", " ")


MUTANTS = (
    Mutant(voting_bugs.commit_before_its_lock_is_durable, "P-6.2", voting.a_slow_disk, often=True),
    Mutant(
        voting_bugs.commit_without_a_lock,
        "P-4.6",
        voting.a_proposal_that_nobody_else_prepares,
        often=True,
    ),
    Mutant(voting_bugs.own_vote_is_lost, "P-4.5", voting.a_seat_that_is_needed),
    Mutant(
        voting_bugs.one_seat_counts_twice, "P-4.5", voting.a_liar_that_repeats_itself, often=True
    ),
    Mutant(voting_bugs.strangers_have_a_vote, "P-1.3", voting.strangers_that_commit),
    Mutant(voting_bugs.quorums_of_2f_plus_1, "P-1.2", voting.three_of_five),
    Mutant(voting_bugs.parents_are_not_looked_at, "P-4.2", voting.a_proposal_beside_the_chain),
    Mutant(voting_bugs.votes_do_not_say_their_type, "P-2.3", voting.prepares_shown_as_commits),
    Mutant(voting_bugs.votes_of_any_number_of_views_are_kept, "P-4.5", voting.a_flood_of_views),
    Mutant(voting_bugs.proposals_of_any_height_are_kept, "P-4.2", voting.a_flood_of_heights),
    Mutant(
        voting_bugs.messages_of_the_next_epoch_without_bound,
        "P-12.4",
        voting.a_flood_from_the_next_epoch,
    ),
    Mutant(
        voting_bugs.votes_after_a_promise,
        "P-5.1",
        voting.prepares_that_come_after_a_promise,
        often=True,
    ),
    Mutant(voting_bugs.locks_go_down, "P-6.4", voting.a_lock_taken_again),
    Mutant(voting_bugs.two_locks_in_one_view, "P-6.4", voting.another_chain_after_a_restart),
    Mutant(voting_bugs.transactions_are_not_looked_at, "P-3.3", voting.a_lying_source),
    Mutant(
        voting_bugs.blocks_that_compute_otherwise_get_a_vote,
        "P-4.4",
        voting.a_block_that_computes_otherwise,
    ),
    Mutant(
        voting_bugs.proposals_go_on_above_a_last_block,
        "P-12.3",
        voting.above_the_last_block,
        often=True,
    ),
    Mutant(view_bugs.base_of_the_greatest_height, "P-5.7", views.a_later_view_beats_height),
    Mutant(view_bugs.base_of_the_first_promise, "P-5.7", views.the_greatest_lock_comes_last),
    Mutant(
        view_bugs.everything_below_the_base_is_prepared_again,
        "P-5.8",
        views.a_base_on_blocks_that_are_not_final,
    ),
    Mutant(view_bugs.any_base_will_do, "P-5.10", views.a_lock_that_only_a_liar_has),
    Mutant(
        view_bugs.no_boot_fence,
        "P-6.3",
        views.a_leader_that_proposes_anew_to_a_seat_that_restarted,
    ),
    Mutant(
        view_bugs.promises_are_forgotten_in_a_crash, "P-6.3", views.a_promise_across_a_power_cut
    ),
    Mutant(
        view_bugs.promises_are_said_before_they_are_durable,
        "P-5.4",
        views.a_promise_on_a_slow_disk,
        often=True,
    ),
    Mutant(
        view_bugs.views_are_entered_before_that_is_durable, "P-5.9", voting.an_epoch_on_a_slow_disk
    ),
    Mutant(view_bugs.views_begin_with_too_few_promises, "P-5.6", views.a_view_with_two_promises),
    Mutant(view_bugs.one_seat_pulls_all_into_its_view, "P-5.5", views.one_voice_for_a_far_view),
    Mutant(
        view_bugs.promises_are_believed_unchecked, "P-5.4", views.a_promise_with_an_invented_lock
    ),
    Mutant(view_bugs.repeated_signers_count, "P-3.2", views.one_signer_for_three),
    Mutant(
        view_bugs.certificates_of_any_epoch_hold,
        "P-12.1",
        voting.a_certificate_of_the_old_committee,
    ),
    Mutant(view_bugs.words_of_an_old_epoch_count, "P-12.1", voting.replayed_votes),
    Mutant(view_bugs.handovers_are_not_kept, "P-12.5", voting.a_power_cut_behind_the_last_block),
    Mutant(
        view_bugs.only_the_newest_handover_is_kept,
        "P-12.5",
        voting.a_power_cut_behind_two_last_blocks,
    ),
    Mutant(people_bugs.locks_are_not_compared, "P-12.10", people.an_honest_seat_that_leaves),
    Mutant(people_bugs.forged_votes_accuse, "P-12.8", people.a_contradiction_that_nobody_signed),
    Mutant(people_bugs.a_key_in_use_elsewhere_goes_unseen, "P-6.7", views.a_copy_of_this_seat),
    Mutant(people_bugs.followers_vote, "P-12.7", people.a_shop_without_a_seat),
    Mutant(people_bugs.followers_deliver_on_one_word, "P-12.7", people.a_shop_without_a_seat),
    Mutant(people_bugs.full_disks_vote, "P-6.6", people.a_full_disk),
    Mutant(people_bugs.roots_are_not_compared, "L-8.2", people.a_proposal_with_a_false_root),
    Mutant(people_bugs.more_than_f_are_jailed, "L-13.9", people.a_lying_majority_of_words),
    Mutant(people_bugs.one_word_jails, "L-13.9", people.one_liar_calls_another_absent),
    Mutant(people_bugs.elections_by_order_of_records, "L-13.1", people.five_shops_of_equal_stake),
    Mutant(people_bugs.elections_in_floats, "L-13.1", people.great_stakes_that_differ_by_one),
    Mutant(people_bugs.more_than_f_seats_change, "L-13.4", people.four_newcomers_at_once),
    Mutant(long_run_bugs.replaced_keys_go_on_voting, "L-4.10", long_runs.a_key_that_was_replaced),
    Mutant(
        long_run_bugs.any_key_of_a_seated_shop_votes,
        "P-12.7",
        long_runs.a_key_that_is_not_in_force_yet,
    ),
    Mutant(
        long_run_bugs.states_are_not_held_against_their_block,
        "P-7.9",
        long_runs.a_snapshot_of_another_state,
    ),
    Mutant(
        long_run_bugs.handovers_may_leave_an_epoch_out,
        "P-7.9",
        long_runs.a_chain_of_handovers_with_a_gap,
    ),
    Mutant(
        long_run_bugs.whoever_says_it_is_ahead_is_asked,
        "P-7.3",
        long_runs.a_source_without_blocks,
    ),
    Mutant(long_run_bugs.a_source_keeps_its_turn, "P-7.3", long_runs.a_source_that_drips),
    Mutant(
        long_run_bugs.one_silent_source_holds_up_a_snapshot,
        "P-7.7",
        long_runs.a_source_that_never_answers,
    ),
    Mutant(
        long_run_bugs.most_seats_raise_the_protocol, "L-13.13", long_runs.one_shop_is_not_updated
    ),
    Mutant(
        long_run_bugs.protocols_fall_with_their_seats,
        "L-13.13",
        long_runs.an_older_program_is_put_back,
    ),
    Mutant(long_run_bugs.outdated_programs_go_on, "P-12.13", long_runs.a_follower_is_not_updated),
)
