"""The fair queue before the model."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from waiting import WAIT_S, wait_for

from server.errors import ClientGone, TimedOut
from server.model_queue import Call, FairQueue


class Line:
    """Calls that wait in threads; they are served in an order that can be read."""

    def __init__(self, places: int = 1) -> None:
        self.queue = FairQueue(places)
        self.served: list[str] = []
        self.positions: dict[str, list[int]] = {}
        self.errors: dict[str, Exception] = {}
        self.calls: dict[str, Call] = {}
        self._threads: list[threading.Thread] = []
        self._may_end = threading.Semaphore(0)

    def hold(self) -> Call:
        """A call that has the model already."""
        call = Call(self.queue, "holder", lambda position: None)
        call.enter()
        return call

    def join(self, name: str, client: str) -> None:
        """Let a call wait; returns once it stands in the queue."""
        before = self.queue.n_waiting
        told = self.positions.setdefault(name, [])
        call = self.calls[name] = Call(self.queue, client, told.append)
        thread = threading.Thread(target=self._run, args=(name, call), daemon=True)
        self._threads.append(thread)
        thread.start()
        wait_for(lambda: self.queue.n_waiting == before + 1, "the call waits")

    def finish(self) -> None:
        """Wait until every call was served or refused."""
        for thread in self._threads:
            thread.join(WAIT_S)
            if thread.is_alive():
                raise TimeoutError("a call still waits")

    def _run(self, name: str, call: Call) -> None:
        try:
            call.enter()
            self.served.append(name)
        except Exception as error:
            self.errors[name] = error
        finally:
            call.leave()


def served(clients: list[str]) -> list[str]:
    """The order in which calls of these clients, come in this order, are served."""
    line = Line()
    holder = line.hold()
    for place, client in enumerate(clients):
        line.join(f"{client}{place}", client)
    holder.leave()
    line.finish()
    return line.served


def test_clients_take_turns_however_many_questions_each_has() -> None:
    order = served(["a", "a", "a", "b", "c", "b"])
    assert order == ["a0", "b3", "c4", "a1", "b5", "a2"]


def test_the_position_told_is_the_turn_that_comes() -> None:
    line = Line()
    holder = line.hold()
    for name, client in (("a0", "a"), ("a1", "a"), ("a2", "a"), ("b0", "b"), ("b1", "b")):
        line.join(name, client)
    wait_for(lambda: sorted(told[-1] for told in line.positions.values()) == [1, 2, 3, 4, 5], "all are told")
    told = {name: positions[-1] for name, positions in line.positions.items()}
    holder.leave()
    line.finish()
    assert told == {name: place for place, name in enumerate(line.served, start=1)}
    assert line.positions["a1"][0] == 2
    assert line.positions["a1"][-1] in (1, 2, 3)


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=9))
def test_no_client_waits_for_more_than_one_turn_of_each_other(clients: list[str]) -> None:
    order = served(clients)
    assert sorted(order) == sorted(f"{client}{place}" for place, client in enumerate(clients))
    for client in set(clients):
        own = [place for place, name in enumerate(order) if name.startswith(client)]
        for earlier, later in zip([-1, *own], own, strict=False):
            between = [name[0] for name in order[earlier + 1 : later]]
            assert len(between) == len(set(between))


def test_a_stopped_call_leaves_the_queue_at_once_and_the_others_move_up() -> None:
    line = Line()
    holder = line.hold()
    line.join("a0", "a")
    line.join("b0", "b")
    line.calls["a0"].stop(ClientGone())
    wait_for(lambda: line.positions["b0"][-1] == 1, "the other moves up")
    wait_for(lambda: "a0" in line.errors, "the call ends")
    assert isinstance(line.errors["a0"], ClientGone)
    assert line.queue.n_waiting == 1
    holder.leave()
    line.finish()
    assert line.served == ["b0"]


def test_the_first_reason_to_stop_stands() -> None:
    call = Call(FairQueue(1), "a", lambda position: None)
    call.stop(TimedOut(1.0))
    call.stop(ClientGone())
    with pytest.raises(TimedOut):
        call.enter()
    call.leave()


def test_several_places_are_all_used() -> None:
    line = Line(places=2)
    first, second = line.hold(), line.hold()
    line.join("a0", "a")
    assert line.queue.n_running == 2
    first.leave()
    line.finish()
    second.leave()
    assert line.queue.n_running == 0


def test_a_place_is_taken_once_and_given_back_once() -> None:
    queue = FairQueue(1)
    call = Call(queue, "a", lambda position: None)
    call.enter()
    call.enter()
    assert queue.n_running == 1
    call.leave()
    call.leave()
    assert queue.n_running == 0
