"""Work is done once for each question, as long as its answer is kept and no failure."""

from __future__ import annotations

import threading

import pytest

from search_api.index.once import Once


def test_a_question_that_comes_again_is_not_worked_on_again() -> None:
    done: list[str] = []
    once: Once[int] = Once(2)

    def asked(question: str) -> int:
        def work() -> int:
            done.append(question)
            return len(done)

        return once.begin(question, work).result()

    assert [asked("a"), asked("b"), asked("a")] == [1, 2, 1]
    assert [asked("c"), asked("a"), asked("b")] == [3, 1, 4]  # b was asked longest ago
    assert done == ["a", "b", "c", "b"]


def test_who_asks_while_it_is_worked_on_waits_for_the_same_answer() -> None:
    once: Once[object] = Once(1)
    go_on = threading.Event()

    def work() -> object:
        go_on.wait(30)
        return object()

    first, second = once.begin("a", work), once.begin("a", work)
    go_on.set()
    assert first.result() is second.result()


def test_a_failure_is_told_and_tried_again() -> None:
    once: Once[str] = Once(1)

    def fail() -> str:
        raise ValueError("spoilt")

    with pytest.raises(ValueError, match="spoilt"):
        once.begin("a", fail).result()
    assert once.begin("a", lambda: "well").result() == "well"
