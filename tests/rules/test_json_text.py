"""The JSON that is written by an encoder made once is the library's own, letter for letter."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.json_text import writer

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)
written, sorted_tight = writer(), writer(sort_keys=True, separators=(",", ":"))


@given(VALUES)
def test_it_is_what_the_library_writes(value: object) -> None:
    assert written(value) == json.dumps(value, ensure_ascii=False)
    assert sorted_tight(value) == json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
