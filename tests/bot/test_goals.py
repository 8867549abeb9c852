"""Goals and their steps, as they follow from what somebody answered."""

from __future__ import annotations

from bot import past_answers
from bot.goals import Goals, State, goals_of
from tests.bot.digest_samples import shared
from tests.bot.picture_samples import MONDAY, PUBLISHED, WEEK, given, line


def states(goals: Goals) -> dict[str, State]:
    """How it stands with each goal."""
    return {goal.words: goal.state for goal in goals.goals}


def test_without_answers_there_is_no_goal() -> None:
    goals = goals_of([given("week", point=3), given("remark", words="A job in a kitchen")])
    assert (goals.goals, goals.steps, goals.current, goals.step) == ([], [], [], None)


def test_a_goal_has_steps_and_each_step_what_was_said_of_it() -> None:
    goals = goals_of(
        [
            given("goal", words="Work in a kitchen"),
            given("step", words="Call the school"),
            given("step_sure", point=2),
            given("step_sure", point=4, visit=2),
            given("step", words="Visit the school", visit=3),
            given("step_sure", point=3, visit=3),
        ]
    )
    (goal,) = goals.goals
    assert (goal.words, goal.since, goal.state) == ("Work in a kitchen", MONDAY, State.CURRENT)
    assert [(step.words, [sure.answer.number for sure in step.sure]) for step in goal.steps] == [
        ("Call the school", [2, 4]),
        ("Visit the school", [3]),
    ]
    assert goals.step is goal.steps[-1]
    assert goal.steps[0].sure[1].at == MONDAY + WEEK


def test_a_changed_goal_makes_room_and_its_steps_stay_its_own() -> None:
    goals = goals_of(
        [
            given("goal", words="Work in a kitchen"),
            given("step", words="Call the school"),
            given("still", "change", visit=2),
            given("goal", words="Sleep at night", visit=2),
            given("step", words="Go to bed at ten", visit=2),
        ]
    )
    assert states(goals) == {"Work in a kitchen": State.CHANGED, "Sleep at night": State.CURRENT}
    assert [[step.words for step in goal.steps] for goal in goals.goals] == [["Call the school"], ["Go to bed at ten"]]


def test_enough_for_now_is_a_state_of_its_own_and_can_be_taken_up_again() -> None:
    answers = [given("goal", words="Work in a kitchen"), given("still", "enough", visit=2)]
    assert states(goals_of(answers)) == {"Work in a kitchen": State.ENOUGH}
    assert goals_of(answers).current == []
    again = [*answers, given("goal", words=" work in  a KITCHEN ", visit=3)]
    assert states(goals_of(again)) == {"Work in a kitchen": State.CURRENT}
    assert states(goals_of([*answers, given("still", "yes", visit=3)])) == {"Work in a kitchen": State.CURRENT}


def test_several_goals_stand_side_by_side_whatever_they_are_about() -> None:
    goals = goals_of([given("goal", words="A job"), given("goal", words="Be well", visit=2)])
    assert [goal.words for goal in goals.current] == ["A job", "Be well"]


def test_a_step_needs_no_goal_and_stays_when_one_comes() -> None:
    goals = goals_of([given("step", words="Call"), given("goal", words="A job", visit=2)])
    assert [step.words for step in goals.steps] == ["Call"]
    assert goals.step is goals.steps[0]


def test_the_same_step_again_is_the_same_step() -> None:
    goals = goals_of([given("step", words="Call"), given("step_sure", point=1), given("step", words="call", visit=2)])
    assert [(step.words, step.since, len(step.sure)) for step in goals.steps] == [("Call", MONDAY, 1)]


def test_how_sure_without_a_step_and_a_decision_without_a_goal_say_nothing() -> None:
    goals = goals_of([given("step_sure", point=1), given("still", "enough"), given("goal", words="  ")])
    assert goals == Goals()


def test_of_shared_answers_only_what_stands_on_cards_is_there() -> None:
    cards = [
        shared(1, line("step", words="Call"), at=MONDAY, published=PUBLISHED, conversation=1),
        shared(1, line("step_sure", point=2), at=MONDAY + WEEK, published=PUBLISHED, conversation=2),
        shared(1, line("goal", words="A job").taken_back(), at=MONDAY + WEEK, published=PUBLISHED, conversation=3),
    ]
    goals = goals_of(past_answers.shared(cards))
    assert goals.goals == []
    assert [(step.words, [sure.answer.number for sure in step.sure]) for step in goals.steps] == [("Call", [2])]
