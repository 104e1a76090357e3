"""The brief: what an AE needs, in reading order, and as Markdown in which no text of a lead comes alive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sdr.rules.brief import Facts, brief, escaped, markdown
from sdr.rules.rubric import parse_rubric
from sdr.rules.text import clean
from tests.rules.playbook_files import text

OWN = parse_rubric(text("rubric"))
ANA = Facts(
    "Ana Ruiz",
    "operations director",
    "Acme Pumps",
    people="180 people",
    place="Madrid",
    local_time="16:22",
    email="ana@acme.example",
    score="84 of 75 needed",
    grade="A2",
    said=("leaks at three sites",),
    history=("call 12 May: talked", "mail 10 May: opened"),
    promised="meeting Thu 14 May 10:00 Madrid",
    ae="Ben",
    why_ae="owns the account",
)
READER = MarkdownIt("gfm-like")
HOSTILE = [
    "[x](https://evil.example)",
    "![x](http://evil.example/a.png)",
    "https://evil.example/a",
    "see www.evil.example",
    "evil.com",
    "mailto:a@b.com",
    "a@b.com",
    "<script>alert(1)</script>",
    "<https://evil.example>",
    "&lt;b&gt; &#91;",
    "**bold** _em_ ~~gone~~ `code`",
    "\n\n# heading\n- list",
    "a | b\n--|--",
    "back\\slash \\[",
    "javascript:alert(1)",
    "#",
    "",
]


def test_a_brief_reads_from_the_promise_to_the_way_here():
    page = brief(ANA, OWN, {"budget": "not-fixed", "decides": "self"})
    assert page.title == "Ana Ruiz, operations director, Acme Pumps"
    assert [(line.label, line.text) for line in page.lines] == [
        ("next step", "meeting Thu 14 May 10:00 Madrid"),
        ("budget", "yes, not fixed"),
        ("who decides", "this person"),
        ("role", "not asked"),
        ("rivals", "not asked"),
        ("stage", "not asked"),
        ("score", "84 of 75 needed · A2"),
        ("in their words", "leaks at three sites"),
        ("e-mail", "ana@acme.example"),
        ("where", "Madrid · 16:22"),
        ("company", "Acme Pumps · 180 people"),
        ("before", "call 12 May: talked"),
        ("before", "mail 10 May: opened"),
        ("for", "Ben · owns the account"),
    ]


def test_the_markdown_is_a_heading_and_a_list():
    written = markdown(brief(ANA, OWN, {}))
    assert written.startswith("# Ana Ruiz, operations director, Acme Pumps\n\n- **next step**: meeting Thu 14 May")
    assert written.endswith("- **for**: Ben · owns the account\n")


def shown(line: str) -> tuple[str, set[str]]:
    """The words a reader sees of one Markdown line, and the kinds of markup in it."""
    (inline,) = [token for token in READER.parse(line) if token.type == "inline"]
    return "".join(child.content for child in inline.children), {child.type for child in inline.children}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_of_a_lead_comes_alive(hostile):
    words, kinds = shown(f"- note {escaped(hostile)}.")
    assert words == f"note {clean(hostile)}."
    assert kinds == {"text"}


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("\\`*_[]()<>!|&:/.@w#~h"), max_size=60))
def test_any_text_is_shown_as_it_is(anything):
    words, kinds = shown(f"- note x {escaped(anything)} x")  # as in a brief, where it never touches a word of ours
    assert kinds == {"text"}
    assert words == f"note x {clean(anything)} x"


@given(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE))
def test_a_whole_page_holds_one_heading_and_one_list(name, said):
    facts = Facts(f"A {name}", said=(f"b {said}",))
    page = READER.parse(markdown(brief(facts, OWN, {})))
    kinds = [token.type for token in page]
    assert kinds.count("heading_open") == kinds.count("bullet_list_open") == 1
    assert not {"html_block", "table_open", "fence", "hr"} & set(kinds)
    assert READER.options["linkify"]  # else this test could not see a bare address come alive
