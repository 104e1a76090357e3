"""A list of leads as one file that leaves the desk: a row a lead, in the order of the list.

The columns are those of the day's handoffs for the same program, so that what it takes by night it takes by day. The
file's name tells when it was made and nothing of what is in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from sdr.exchange.crm_columns import Profile, columns_for
from sdr.exchange.day_rows import lead_words
from sdr.exchange.folders import Filled, Outbound, Written, file_name
from sdr.exchange.sheets import write_csv
from sdr.store.queries import deliveries

# Runs a query of the store on its reader's thread, a page of leads at a time: nobody waits for a whole list.
Look = Callable[..., Any]
AT_ONCE = 200
OF_HANDOFFS = frozenset({"ae", "offered_at", "respond_by", "meeting_at", "why"})  # fields that a lead alone has not


def export_list(look: Look, lead_ids: Sequence[int], profile: Profile, folder: Path, now: datetime) -> Written:
    """Write these leads into `folder` for `profile`: CSV, or JSON. `now` is aware, in the rep's zone. Raises
    `folders.ExportFailed`."""
    columns = {one.field: one.label for one in columns_for(profile) if one.field not in OF_HANDOFFS}
    pages = (lead_ids[at : at + AT_ONCE] for at in range(0, len(lead_ids), AT_ONCE))
    found = chain.from_iterable(look(deliveries.outward_many, page) for page in pages)
    rows = (tuple(map(lead_words(one).__getitem__, columns)) for one in found)
    name = f"{now:%Y-%m-%d-%H%M%S}"
    outbound = Outbound(folder)
    if profile is Profile.JSON:
        return outbound.write(file_name("leads", name, suffix="json"), partial(_as_json, tuple(columns), rows))
    fill = partial(write_csv, header=tuple(columns.values()), rows=rows, profile=profile.csv)
    return outbound.write(file_name("leads", name, profile.value, suffix="csv"), fill)


def _as_json(fields: Sequence[str], rows: Iterator[tuple[str, ...]], path: Path) -> Filled:
    """One array, a lead a line."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for count, row in enumerate(rows, 1):
            file.write("[" if count == 1 else ",\n")
            json.dump(dict(zip(fields, row, strict=True)), file, ensure_ascii=False)
        file.write("]\n" if count else "[]\n")
    return Filled(count)
