"""splink and recordlinkage on the same list, each as its manual has it: blocking rules, comparisons, one threshold.

Both are given the same cleaned columns as the floor. splink estimates its weights from the list itself, without the
truth (expectation maximisation); recordlinkage takes a pair whose name and one thing more are alike by its measures.
Threshold and rule are those that did best of several tried. They are the extra `bench` and no part of the desk.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.doubles_floor import Row, row_of

LIKELY = 0.5  # splink's match probability from which a pair is one person
BLOCKS = (
    ("email",), ("phone", "last"), ("phone", "first"), ("firm", "last"), ("firm", "first"), ("host", "last"),
    ("host", "first"), ("name", "firm"), ("name", "host"),
)  # fmt: skip


def _rows(source: Path) -> Iterator[Row]:
    with source.open(encoding="utf-8", newline="") as file:
        yield from map(row_of, csv.DictReader(file))


def _table(source: Path) -> Any:
    import pandas

    table = pandas.DataFrame(_rows(source), columns=Row._fields).replace("", None)
    table["unique_id"] = range(len(table))
    both = zip(table["first"], table["last"], strict=True)
    table["name"] = [" ".join(sorted(f"{first or ''} {last or ''}".split())) for first, last in both]
    return table


def splink(source: Path) -> set[tuple[int, int]]:
    """splink 4 or later on DuckDB, with its name, e-mail and exact comparisons."""
    import splink as lib
    from splink import comparison_library as compare

    logging.getLogger("splink").setLevel(logging.ERROR)
    rules = [lib.block_on(*names) for names in BLOCKS]
    settings = lib.SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=rules,
        comparisons=[
            compare.JaroWinklerAtThresholds("first", [0.92, 0.8]),
            compare.JaroWinklerAtThresholds("last", [0.92, 0.8]),
            compare.ExactMatch("email"),
            compare.ExactMatch("phone"),
            compare.JaroWinklerAtThresholds("firm", [0.95, 0.88]),
            compare.ExactMatch("host"),
        ],
    )
    linker = lib.Linker(lib.DuckDBAPI().register(_table(source)), settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match([lib.block_on("email")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (lib.block_on("email"), lib.block_on("firm", "last"), lib.block_on("phone", "last")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=LIKELY).as_pandas_dataframe()
    pairs = zip(found["unique_id_l"], found["unique_id_r"], strict=True)
    return {(min(int(a), int(b)), max(int(a), int(b))) for a, b in pairs}


def recordlinkage(source: Path) -> set[tuple[int, int]]:
    """recordlinkage with its blocking index and Jaro-Winkler comparisons."""
    import recordlinkage as lib

    table = _table(source)
    index = lib.Index()
    for names in BLOCKS:
        index.block(list(names))
    compare = lib.Compare()
    for word in ("email", "phone", "host"):
        compare.exact(word, word, missing_value=0, label=word)
    for word in ("name", "firm"):
        compare.string(word, word, method="jarowinkler", threshold=0.88, missing_value=0, label=word)
    alike = compare.compute(index.index(table), table) > 0
    found = alike[alike["email"] | alike["name"] & (alike["phone"] | alike["firm"] | alike["host"])]
    return {(min(int(a), int(b)), max(int(a), int(b))) for a, b in found.index}


PEERS: dict[str, Callable[[Path], set[tuple[int, int]]]] = {"splink": splink, "recordlinkage": recordlinkage}
