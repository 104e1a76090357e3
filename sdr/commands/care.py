"""`sdr doctor`, `sdr backup`, `sdr restore`: is the file sound, a copy of it, and a copy put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from sdr import config
from sdr.commands.frame import (
    ATTENTION,
    NONSENSE,
    UNUSABLE,
    Stop,
    answer,
    common,
    complain,
    error_document,
    places_of,
)
from sdr.commands.home import open_store
from sdr.config import BadConfig, Places
from sdr.store import care, copies, surroundings
from sdr.store.care import Check
from sdr.store.faults import Unusable
from sdr.store.rebuilding import Difference
from sdr.store.store import Store

MENDED = ("references", "search", "next-steps", "scores", "tallies")  # what putting the journal's rows back puts right


@click.command()
@click.option("--rebuild", is_flag=True, help="Fold the whole journal again and compare byte for byte.")
@click.option("--repair", is_flag=True, help="Put file modes right, and the journal's rows back after taking a copy.")
@common
@click.pass_context
def doctor(ctx: click.Context, rebuild: bool, repair: bool, as_json: bool) -> None:
    """Check the desk; every check says ok or what to do."""
    places, now = places_of(ctx), config.clock()()
    found = [_config(places)]
    document: dict[str, Any] = {}
    stop = None
    try:
        with _opened(places) as store:
            found += surroundings.checks(places.database, _backups(places), now, repair=repair)
            found += _inside(store, places, now, document, rebuild=rebuild or repair, repair=repair)
    except Exception as fault:
        known = care.unusable(fault)
        if known is None:
            raise
        found.append(Check("file", False, f"{known.message} ({known.hint})" if known.hint else known.message))
        stop = Stop(UNUSABLE, known.code, known.message, known.hint)
    document["checks"] = [{"name": one.name, "ok": one.ok, "detail": one.detail} for one in found]
    answer(as_json, document | (error_document(stop) if stop else {}), _lines(found))
    if stop is not None:
        complain(stop)
    ctx.exit(stop.exit_code if stop else ATTENTION if any(not one.ok for one in found) else 0)


@contextmanager
def _opened(places: Places) -> Iterator[Store]:
    """The store, with nothing set up: a doctor only looks."""
    store = open_store(places, config.clock())
    try:
        yield store
    finally:
        store.close()


def _backups(places: Places) -> Path:
    return places.home / "backups"


def _config(places: Places) -> Check:
    try:
        config.load(places.config)
    except BadConfig as fault:
        return Check("config", False, str(fault))
    return Check("config", True, "config.toml can be read" if places.config.exists() else "no config.toml: defaults")


def _inside(
    store: Store, places: Places, now: datetime, document: dict[str, Any], *, rebuild: bool, repair: bool
) -> list[Check]:
    """The checks of the file itself, after a repair if one was asked for and needed."""
    found, differences = _looked(store, rebuild=rebuild)
    ill = {one.name for one in found if not one.ok}
    if repair and (differences or ill & {*MENDED}):
        try:
            kept = copies.backup(places.database, copies.usual_place(_backups(places), now))
            rows = store.exclusively(care.repair).result()
        except Unusable as fault:
            return [*found, Check("repair", False, f"{fault.message}; {fault.hint}")]
        document["repaired"], document["copy"] = rows, str(kept.path)
        found, differences = _looked(store, rebuild=True)
        found.append(Check("repair", True, f"{rows} rows put back as the journal has them; before that: {kept.path}"))
    if rebuild:
        document["differences"] = [_difference(one) for one in differences]
    return found


def _looked(store: Store, *, rebuild: bool) -> tuple[list[Check], list[Difference]]:
    found = store.exclusively(lambda db: list(care.checks(db))).result()
    if not rebuild:
        return found, []
    check, differences = store.exclusively(care.rebuild).result()
    return [*found, check], differences


def _difference(one: Difference) -> dict[str, Any]:
    """A row that is not as the journal has it: which, and in which columns; no values, they are other people's."""
    kind = "missing" if one.state is None else "extra" if one.journal is None else "differs"
    return {"table": one.table, "id": str(one.entity_id), "kind": kind, "fields": list(care.differing(one))}


def _lines(found: list[Check]) -> Iterator[str]:
    for one in found:
        yield f"{'ok ' if one.ok else '!! '} {one.name:<11} {one.detail}"


@click.command()
@click.option("--to", "target", type=click.Path(path_type=Path), help="The file to write, or a folder for it.")
@common
@click.pass_context
def backup(ctx: click.Context, target: Path | None, as_json: bool) -> None:
    """A copy of the desk's file, verified; the desk may be in use."""
    places, now = places_of(ctx), config.clock()()
    if target is None or target.is_dir():
        target = copies.usual_place(target or _backups(places), now)
    with _opened(places), _placed():
        made = copies.backup(places.database, target.absolute())
    document = {
        "file": str(made.path), "bytes": made.size, "leads": made.leads, "steps": made.steps, "schema": made.schema,
        "verified": True,
    }  # fmt: skip
    answer(as_json, document, [f"{made.path} · {made.leads:,} leads · {made.size:,} bytes · verified"])


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@common
@click.pass_context
def restore(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Put a copy back; the present file is kept aside."""
    places, now = places_of(ctx), config.clock()()
    with _placed():
        done = copies.restore(places.database, file.absolute(), now)
    kept = str(done.kept) if done.kept else None
    document = {
        "restored": str(done.copy.path), "from": str(file.absolute()), "kept": kept, "leads": done.copy.leads,
        "steps": done.copy.steps, "schema": done.copy.schema,
    }  # fmt: skip
    told = f"restored · {done.copy.leads:,} leads · {done.copy.steps:,} steps"
    answer(as_json, document, [told, f"what stood there: {kept}" if kept else "nothing stood there before"])


@contextmanager
def _placed() -> Iterator[None]:
    """A place that makes no sense is the request's fault, not the file's."""
    try:
        yield
    except copies.WrongPlace as fault:
        raise Stop(NONSENSE, fault.code, fault.message, fault.hint) from None
