"""Seniority and department from a job title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.titles import title_words


@pytest.mark.parametrize(
    ("title", "seniority", "department"),
    [
        ("CEO", "c-level", "general"),
        ("Co-Founder & CTO", "c-level", "it"),
        ("Vice President of Sales", "vp", "sales"),
        ("V.P. Ops", "vp", "operations"),
        ("Ops director", "director", "operations"),
        ("Director of Operations", "director", "operations"),
        ("Directora de Operaciones", "director", "operations"),
        ("Directeur général", "c-level", "general"),
        ("Directeur commercial", "director", "sales"),
        ("Geschäftsführer", "c-level", "general"),
        ("Einkaufsleiter", "manager", "purchasing"),
        ("Leiter Einkauf", "manager", "purchasing"),
        ("Werkleiter", "director", "production"),
        ("Technischer Leiter", "manager", "engineering"),
        ("Responsable achats", "manager", "purchasing"),
        ("Responsable des Ressources Humaines", "manager", "hr"),
        ("Gerente de Produção", "manager", "production"),
        ("Head of IT", "director", "it"),
        ("Chief Revenue Officer", "c-level", "sales"),
        ("Executive Assistant to the CEO", "assistant", "general"),
        ("Senior Software Engineer", "senior", "it"),
        ("R&D Engineer", "staff", "engineering"),
        ("Marketing Manager", "manager", "marketing"),
        ("Account Executive", "staff", "sales"),
        ("Product Owner", "staff", "general"),
        ("Audit clerk", None, None),
        ("Ninja", None, None),
        ("", None, None),
    ],
)
def test_title_words(title: str, seniority: str | None, department: str | None) -> None:
    assert title_words(title) == (seniority, department)


@given(st.text(max_size=40))
def test_any_title_is_read_whatever_its_case(title: str) -> None:
    assert title_words(title) == title_words(title.strip() + " ")
