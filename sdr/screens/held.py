"""A bounded store of what was used last. Textual's own keeps the old value of a key it already holds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Held(Generic[K, V]):
    """At most `most` values by key; the one unused for longest leaves first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._values: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: K) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[K]:
        """The keys held now, the one unused for longest first."""
        return iter([*self._values])

    def get(self, key: K) -> V | None:
        """The value of `key`, used just now, or None."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        """Keeps `value`, in the place of any older one of `key`."""
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self.most:
            self._values.popitem(last=False)

    def discard(self, key: K) -> None:
        """Lets go of `key`, if it is held."""
        self._values.pop(key, None)

    def clear(self) -> None:
        """Lets go of everything."""
        self._values.clear()
