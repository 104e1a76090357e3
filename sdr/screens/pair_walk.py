"""Where a rep is in the walk through the pairs: which pair is on screen, which were put off, which have a verdict."""

from __future__ import annotations

from dataclasses import dataclass, field

from sdr.store.queries.doubles import Pair


@dataclass(slots=True)
class Walk:
    """`ahead` begins with the pair on screen; `behind` were put off and come again the next time; `given` have their
    verdict, the newest last. A walk about `only` one pair has no others."""

    only: Pair | None = None
    ahead: list[Pair] = field(default_factory=list)
    behind: list[Pair] = field(default_factory=list)
    given: list[Pair] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.only is not None:
            self.ahead = [self.only]

    @property
    def pair(self) -> Pair | None:
        """The pair on screen."""
        return self.ahead[0] if self.ahead else None

    @property
    def reached(self) -> tuple[int, int, int] | None:
        """The place in the list from which more pairs are read."""
        last = max(self.behind + self.given, key=_order, default=None)
        return last.place if last else None

    def put_off(self) -> None:
        """The pair on screen another time."""
        self.behind.append(self.ahead.pop(0))

    def back(self) -> bool:
        """The pair that was put off last; whether there was one."""
        if self.behind:
            self.ahead.insert(0, self.behind.pop())
            return True
        return False

    def give(self) -> Pair:
        """The pair on screen gets its verdict."""
        pair = self.ahead.pop(0)
        self.given.append(pair)
        return pair

    def again(self, pair: Pair) -> None:
        """A verdict came back: its pair is on screen."""
        if pair in self.given:
            self.given.remove(pair)
        self.ahead.insert(0, pair)


def _order(pair: Pair) -> tuple[int, int, int]:
    """Where a pair stands in the walk, the last one highest."""
    return -pair.score, pair.a, pair.b
