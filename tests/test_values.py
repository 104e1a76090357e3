"""A frozen value is a named tuple, or has a reason to be a dataclass: proved on the source.

A dataclass takes Python 1.3 ms to make and a named tuple 0.2, and each start of the program makes a hundred or more.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sdr

PACKAGE = Path(sdr.__file__).parent
# What a tuple has itself: a field or method of this name would hide it.
TAKEN = set(dir(tuple)) - {"__doc__", "__repr__"} | {"__post_init__", "__init__", "__new__", "__call__"}


def needless(source: str, parents: frozenset[str] = frozenset()) -> Iterator[str]:
    """The frozen dataclasses of a source that might as well be named tuples; `parents` are inherited from."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and "dataclass(frozen=True, slots=True)" in map(
            ast.unparse, node.decorator_list
        ):
            names = {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
            fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
            names |= {ast.unparse(one.target) for one in fields}
            made = any(one.value and "field(" in ast.unparse(one.value) for one in fields)
            private = any(ast.unparse(one.target).startswith("_") for one in fields)
            if not (made or private or node.bases or node.name in parents or names & TAKEN):
                yield node.name


def inherited(sources: list[str]) -> frozenset[str]:
    """The names of all classes that a class inherits from."""
    classes = (node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef))
    return frozenset(ast.unparse(base).rpartition(".")[2] for one in classes for base in one.bases)


def test_a_frozen_value_is_a_named_tuple() -> None:
    sources = [path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))]
    parents = inherited(sources)
    assert [name for source in sources for name in needless(source, parents)] == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("name: str", ["Value"]),
        ("name: str = ''", ["Value"]),
        ("count: int", []),
        ("_held: str", []),
        ("said: dict = field(default_factory=dict)", []),
        ("def __len__(self): ...", []),
        ("def __post_init__(self): ...", []),
    ],
)
def test_what_is_a_reason(body: str, found: list[str]) -> None:
    source = f"@dataclass(frozen=True, slots=True)\nclass Value:\n    {body}\n"
    assert list(needless(source)) == found
    assert list(needless(source, frozenset({"Value"}))) == []
    assert list(needless(source.replace("@dataclass(frozen=True, slots=True)\n", ""))) == []
