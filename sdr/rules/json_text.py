"""JSON as the desk writes it: text as it is, no part of it escaped that need not be.

`json.JSONEncoder.encode` makes its encoder anew for each value, which is as much work as a small value itself; here
it is made once. What is written holds no cycles, so nothing looks for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from json import encoder
from typing import Any


def writer(*, sort_keys: bool = False, separators: tuple[str, str] = (", ", ": ")) -> Callable[[Any], str]:
    """A function that gives the JSON text of plain values, as `json.dumps(…, ensure_ascii=False)` would."""
    plain = json.JSONEncoder(ensure_ascii=False, sort_keys=sort_keys, separators=separators)
    make = getattr(encoder, "c_make_encoder", None)
    if make is None:  # a Python without its C parts
        return plain.encode
    item, key = separators
    pieces = make(None, plain.default, encoder.encode_basestring, None, key, item, sort_keys, False, True)
    return lambda value: "".join(pieces(value, 0))
