"""Looking for doubles among very many leads at once: after a first import, or a large one.

One lead after the other would look all over the index and write it over and over; here the keys are sorted and walked
once. Reads and writes are short slices, so that the desk can be worked on meanwhile; what is written until then is
looked at again. Nothing is marked as looked at before all of it is done: a sweep that is killed begins anew.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, groupby, islice
from operator import itemgetter
from threading import Event

from sdr.rules.likeness import Person
from sdr.rules.sketches import Beside, may_be_one, sketch
from sdr.store import suspects
from sdr.store.queries import kin
from sdr.store.queries.persons import filed_after, persons
from sdr.store.session import Reader
from sdr.store.store import Store
from sdr.store.turns import POLL

READ, FILED, COMPARED = 1_000, 8_000, 1_000  # leads, keys and pairs of one slice
FEW = 5  # slices while a key waits, each of some ten milliseconds
PARTS = 32  # the keys are sorted in so many parts, so that sorting takes little memory
AT_ONCE = 400_000  # pairs held in memory before they are compared
_LOW = (1 << 32) - 1
_ID = 64  # bits of an id: a pair of ids is one number, which takes half the memory of a tuple

Filed = tuple[int, Person, Beside | None]  # a lead; beside it what a glance needs, when all are swept
Progress = Callable[[int], None]
Entries = Sequence[int]  # sorted; a key's 32 bits above the 32 of a lead's place among those swept


def catch_up(store: Store, progress: Progress = lambda looked: None) -> None:
    """Look at everything that was written since the last time.

    `progress` is told again and again how many leads were read; what it raises ends the look, which loses nothing.
    """
    if store.read(suspects.behind).result() > suspects.BULK:
        _sweep(store, progress)
    looked = 0
    while store.computed(suspects.look).result():
        looked += suspects.SLICE
        progress(looked)


def keep_up(store: Store) -> bool:
    """A few slices of the same, for a key that waits; whether everything was looked at by then."""
    return not all(store.computed(suspects.look).result() for _ in range(FEW))


def _sweep(store: Store, progress: Progress) -> None:
    reached = store.read(suspects.newest_of_each).result()
    everybody = not store.read(suspects.marks).result()
    people = _everybody(store) if everybody else _changed(store, reached)
    ids, glances, parts = _keys(people, progress)
    beat = partial(progress, len(ids))
    if not everybody:
        _in_slices(store, suspects.forget, ids, READ, beat)
    pairs: set[int] = set(store.read(_addressed).result()) if everybody else set()
    for part in parts:
        entries = sorted(part)
        _in_slices(store, suspects.file, [(one >> 32, ids[one & _LOW]) for one in entries], FILED, beat)
        pairs.update(_alone(entries, ids, glances) if everybody else _among_all(store, entries))
        if len(pairs) >= AT_ONCE:
            _compare(store, pairs, beat)
            pairs = set()
    _compare(store, pairs, beat)
    _written(store, suspects.mark, reached)


# --- who ---------------------------------------------------------------------------------------------------------


def _everybody(store: Store) -> Iterator[Filed]:
    last = 0
    while page := store.read(filed_after, last, READ).result():
        yield from page
        last = page[-1][0]


def _changed(store: Store, reached: dict[int, int]) -> Iterator[Filed]:
    """Those of whom the journal tells something new, up to the operations of `reached`."""
    ids: set[int] = set()
    seen = store.read(suspects.marks).result()
    for replica, newest in reached.items():
        after = seen.get(replica, 0)
        while after < newest:
            some, after = store.read(suspects.changed, after, newest, READ).result()
            ids.update(some)
    todo = iter(sorted(ids))
    while page := list(islice(todo, READ)):
        yield from (
            (lead, one, None) for lead, one in sorted(store.read(persons, page).result().items(), key=itemgetter(0))
        )


@dataclass(frozen=True, slots=True)
class Glances:
    """What is held of everybody, by place, to pass over pairs without reading them."""

    initials: array[int] = field(default_factory=partial(array, "H"))
    sketches: tuple[array[int], ...] = field(default_factory=lambda: (array("Q"), array("Q"), array("Q")))

    def add(self, one: Person, beside: Beside) -> None:
        """The person at the next place."""
        for held, part in zip(self.sketches, sketch(one, beside, len(self.initials)), strict=True):
            held.append(part)
        self.initials.append(ord(one.first[:1] or "\0") % 256 << 8 | ord(one.last[:1] or "\0") % 256)

    def may_be_one(self, place: int, other: int) -> bool:
        """Whether two are worth comparing."""
        firm, these, those = self.sketches
        return _initials_allow(self.initials[place], self.initials[other]) and may_be_one(
            (firm[place], these[place], those[place]), (firm[other], these[other], those[other])
        )


def _keys(people: Iterator[Filed], progress: Progress) -> tuple[array[int], Glances, list[array[int]]]:
    """The ids of `people`, a glance at each, and every key with the place of its lead, in parts of ascending keys."""
    ids, glances, parts = array("q"), Glances(), [array("Q") for _ in range(PARTS)]
    for place, (lead, one, beside) in enumerate(people):
        ids.append(lead)
        if beside is not None:
            glances.add(one, beside)
        for key in kin.keys_of(one):
            parts[key * PARTS >> 32].append(key << 32 | place)
        if place % READ == 0:
            progress(place)
    return ids, glances, parts


# --- who with whom -----------------------------------------------------------------------------------------------


def _alone(entries: Entries, ids: Sequence[int], glances: Glances) -> Iterator[int]:
    """The pairs of each key that some but not too many share, when all of the desk is swept.

    Two whose names have no initial in common are two: behind one number most are.
    """
    for key, found in groupby(entries, key=lambda one: one >> 32):
        held = [*found]
        if len(held) < 2:
            continue
        places = sorted({one & _LOW for one in held})
        if 1 < len(places) <= kin.most(key):
            for one, other in combinations(places, 2):
                if glances.may_be_one(one, other):
                    yield ids[one] << _ID | ids[other]


def _initials_allow(one: int, other: int) -> bool:
    first, last, other_first, other_last = one >> 8, one & 255, other >> 8, other & 255
    known = first and last and other_first and other_last
    return not known or first in (other_first, other_last) or last in (other_first, other_last)


def _among_all(store: Store, entries: Entries) -> Iterator[int]:
    """The pairs of each key, with the leads that were filed before."""
    keys = (key for key, _ in groupby(one >> 32 for one in entries))
    while page := list(islice(keys, READ)):
        for key, found in groupby(store.read(kin.filed, page).result(), key=itemgetter(0)):
            leads = sorted(lead for _, lead in found)
            if 1 < len(leads) <= kin.most(key):
                yield from (one << _ID | other for one, other in combinations(leads, 2))


def _addressed(db: Reader) -> list[int]:
    """Pairs with one address: an import joins them, but they can be added and mended by hand."""
    sql = "SELECT min(id), max(id) FROM lead WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1"
    return [one << _ID | other for one, other in db.execute(sql)]


def _compare(store: Store, pairs: set[int], beat: Callable[[], None]) -> None:
    """Keep what is alike of `pairs`. In order of ids, so that each page of the file is read few times."""
    todo = iter(sorted(pairs))
    while page := [(one >> _ID, one & (1 << _ID) - 1) for one in islice(todo, COMPARED)]:
        known = store.read(persons, {one for pair in page for one in pair}).result()
        found = suspects.suspects((pair for pair in page if pair[0] in known and pair[1] in known), known)
        _written(store, suspects.keep, found)
        beat()


# --- writing -----------------------------------------------------------------------------------------------------


def _in_slices(
    store: Store, write: Callable[..., None], rows: Sequence[object], size: int, beat: Callable[[], None]
) -> None:
    for start in range(0, len(rows), size):
        _written(store, write, rows[start : start + size])
        beat()


def _written(store: Store, write: Callable[..., None], what: object) -> None:
    """`write(db, what)` as a transaction of its own; then a rest, in which another program's act finds its turn."""
    store.computed(lambda db: write(db, what)).result()
    Event().wait(2 * POLL)
