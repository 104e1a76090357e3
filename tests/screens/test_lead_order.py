"""The cursor stays with its lead through every change of the list."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from sdr.screens.lead_order import STRETCH, LeadOrder

IDS = st.lists(st.integers(0, 2**63 - 1), unique=True, min_size=1, max_size=40)


def standing(ids: list[int], line: int) -> LeadOrder:
    order = LeadOrder(ids)
    order.line = line % len(ids)
    return order


@given(IDS, st.integers(0), st.randoms())
def test_a_new_order_keeps_the_lead(ids: list[int], line: int, random: object) -> None:
    order = standing(ids, line)
    lead = order.current
    order.replace(sorted(ids, key=lambda _lead: random.random()))  # type: ignore[attr-defined]
    assert order.current == lead


@given(IDS, st.integers(0), st.data())
def test_dropping_is_filtering_and_the_cursor_moves_to_the_next(ids: list[int], line: int, data: st.DataObject) -> None:
    gone = frozenset(data.draw(st.lists(st.sampled_from(ids))))
    near = range(0, data.draw(st.integers(0, len(ids))))
    order = standing(ids, line)
    at = order.line
    order.drop(gone, near)
    kept = [lead for lead in ids if lead not in gone]
    following = [lead for lead in ids[at:] if lead not in gone]
    assert list(order.ids) == kept
    assert order.current == (following[0] if following else kept[-1] if kept else None)


def test_dropping_far_rows_over_many_stretches() -> None:
    order = LeadOrder(range(3 * STRETCH))
    order.line = 2 * STRETCH
    gone = frozenset([0, STRETCH - 1, STRETCH, 2 * STRETCH - 1, 2 * STRETCH + 1])
    order.drop(gone, range(5))
    assert order.current == 2 * STRETCH
    assert list(order.ids) == [lead for lead in range(3 * STRETCH) if lead not in gone]


def test_a_lead_that_is_gone_leaves_its_place() -> None:
    order = standing([10, 20, 30], 1)
    order.replace([10, 30, 40])
    assert order.current == 30
    order.replace([10])
    assert order.current == 10
    order.replace([])
    assert order.current is None
    order.replace(array("q", [7]))
    assert order.current == 7
