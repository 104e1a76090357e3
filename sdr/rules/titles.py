"""Seniority and department from a job title, by ordered words in five languages.

The first word that matches decides, so the order is the rule: a vice president is not a president, the assistant
of a director is no director. What matches nothing is None, never a guess.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from sdr.rules.text import folded

# seniority: words, in the order they are tried. Stems end in *.
_SENIORITY = """
assistant: assistant* assistenz assistente asistente sekretar* secretar* intern internship praktikant* stagiaire
assistant: werkstudent* trainee apprenti* azubi becario* estagiari* student
staff: product_owner
vp: vice* vp svp evp avp vicepresident* vizeprasident* bereichsvorstand
c-level: ceo cfo cto cio coo cmo cro cpo chro ciso cdo cso chief* founder* cofounder* owner president* inhaber*
c-level: geschaftsfuhr* vorstand* pdg dg gerant* fondateur* fondatrice fundador* socio* proprietario* propietari*
c-level: dueno directeur_general directrice_generale director_general directora_general diretor_geral
c-level: consejero_delegado managing_director managing_partner general_partner partner associe* gesellschafter*
c-level: prasident* presidente* general_manager
director: director* directeur* directrice* diretor* direktor* head hauptabteilungsleit* bereichsleit* werkleit*
director: werksleit*
manager: manager* leiter* leitung *leiter *leiterin responsable* gerente* jefe* jefa chef* chefe* coordenador*
manager: supervisor* supervisora lead teamlead teamleit* encargad* gestionnaire superviseur* foreman meister
senior: senior sr principal staff expert* experte* specialist* spezialist* especialista* specialiste*
junior: junior jr
staff: engineer* ingenieur* ingenier* engenheir* analyst* analist* buyer* einkaufer* acheteur* comprador* planner*
staff: consultant* berater* consultor* technician* techniker* technicien* tecnic* developer* entwickler* representative*
staff: coordinator* koordinator* coordinateur* coordinador* officer* referent* sachbearbeit* executive* associate*
staff: accountant* buchhalter* comptable* contador* recruiter* designer* operator* scientist* administrator*
"""

# department: words, in the order they are tried.
_DEPARTMENT = """
purchasing: purchas* procurement sourcing einkauf* beschaffung* achat* acheteur* compras comprador* buyer* cpo
purchasing: aprovisionamiento* approvisionnement*
hr: hr human people personalleit* personalabteilung personalwesen personalreferent* personnel rh chro
hr: recruit* talent ressources_humaines recursos_humanos
marketing: marketing cmo brand* content communication* kommunikation* comunicacion comunicacao demand
sales: sales vertrieb* verkauf* cro revenue account commercial* ventas vendas vente* vendedor* business_development
sales: comercial sdr bdr
it: it cio cto ciso information* informatik* informatique informatica software developer* entwickler* data digital*
it: edv dsi ti security devops system* sistemas cybersecurity
finance: finance* finanz* financ* cfo controller* controlling accountant* accounting buchhalt* comptab* contab*
finance: treasur* steuer* tax tresor* tesor*
production: production* produktion* producao produccion manufactur* fertigung* fabrication* plant werk* usine fabrica
production: shopfloor montage foreman meister planta
engineering: engineer* ingenieur* ingenier* engenh* konstruktion* entwicklung* r&d rd research recherche forschung
engineering: design* technical technik* technisch* technique* tecnic* development desarrollo instandhaltung* maintenance
engineering: mantenimiento manutencao
operations: operation* ops operacion* operacoes coo logistic* logistik* logistique* supply betrieb* lieferkette* quality
operations: qualitat* qualite calidad qualidade warehouse lager* facilit* exploitation
legal: legal counsel recht* jurist* juridi* compliance
general: ceo president* founder* owner geschaftsfuhr* pdg managing director_general directeur_general general_manager
general: inhaber* gerant* vorstand*
"""


@cache
def _rules(table: str) -> list[tuple[str, re.Pattern[str]]]:
    """(label, pattern) a line; `*` stands for any letters, `_` for a blank."""
    rules = []
    for line in table.strip().splitlines():
        label, words = line.split(": ", 1)
        stems = (re.escape(word).replace(r"\*", r"\w*").replace("_", " ") for word in words.split())
        rules.append((label, re.compile(rf"(?<!\w)(?:{'|'.join(stems)})(?!\w)")))
    return rules


def _first(table: str, title: str) -> str | None:
    return next((label for label, pattern in _rules(table) if pattern.search(title)), None)


@lru_cache(maxsize=16_384)
def title_words(title: str) -> tuple[str | None, str | None]:
    """(seniority, department) of a job `title`: `("director", "operations")` for "Directora de Operaciones"."""
    words = " ".join(re.sub(r"[^\w&*]+", " ", folded(title).replace(".", "")).split())
    return _first(_SENIORITY, words), _first(_DEPARTMENT, words)
