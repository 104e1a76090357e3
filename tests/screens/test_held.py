"""The bounded store against a plain model."""

from hypothesis import given
from hypothesis import strategies as st

from sdr.screens.held import Held

ACTS = st.lists(st.tuples(st.sampled_from(["put", "get", "discard"]), st.integers(0, 6), st.integers()))


@given(ACTS, st.integers(1, 5))
def test_it_holds_the_last_used_and_their_newest_values(acts: list[tuple[str, int, int]], most: int) -> None:
    held: Held[int, int] = Held(most)
    model: dict[int, int] = {}  # in order of use
    for act, key, value in acts:
        before = model.pop(key, None)
        if act == "put":
            held.put(key, value)
            model[key] = value
            while len(model) > most:
                del model[next(iter(model))]
        elif act == "get":
            assert held.get(key) == before
            if before is not None:
                model[key] = before
        else:
            held.discard(key)
        assert {k: k in held for k in range(7)} == {k: k in model for k in range(7)}
    assert len(held) == len(model)
    assert [*held] == [*model]
