"""Whether a text says nothing else than that mail is to stop, in the languages of the desk's leads.

Only the whole text counts: who writes more has more to say, and is read by the rep.
"""

from __future__ import annotations

import re

from sdr.rules.text import folded

_LONGEST = 200  # characters of a wish

_PHRASES = """
unsubscribe; unsubscribe me; unsubscribe from list; unsubscribe me from this list; remove; remove me
remove me from your list; remove me from your mailing list; remove me from this list; take me off your list
take me off this list; stop; stop mailing me; stop emailing me; stop sending me emails; opt out; opt-out
no more emails; no more mails; do not email me again; don't email me again; do not contact me
do not contact me again; don't contact me again; delete my data

abmelden; abmeldung; austragen; mich abmelden; bitte um abmeldung; keine mails mehr; keine e-mails mehr
keine werbung; keine weiteren mails; keine weiteren e-mails; abbestellen; newsletter abbestellen
aus dem verteiler nehmen; nehmen sie mich aus dem verteiler; löschen sie meine daten
kontaktieren sie mich nicht mehr

désinscription; désinscrire; me désinscrire; se désinscrire; désinscrivez-moi; désabonnement; désabonner
me désabonner; désabonnez-moi; retirez-moi de votre liste; supprimez-moi de votre liste
ne plus me contacter; ne me contactez plus

baja; darme de baja; dar de baja; deme de baja; dame de baja; cancelar suscripción; cancelar la suscripción
desuscribir; desuscribirme; no me escriban más; no me contacten más; eliminar de la lista

disiscrivi; disiscrivimi; disiscrizione; cancellami; cancellatemi; cancellazione; cancella iscrizione
cancellare iscrizione; annulla iscrizione; rimuovimi dalla lista; rimuovetemi dalla lista; non contattatemi più

uitschrijven; afmelden; schrijf mij uit; meld mij af; geen mails meer; geen e-mails meer
verwijder mij uit de lijst; verwijder mij van de lijst; neem geen contact meer op

cancelar inscrição; cancelar subscrição; cancelar assinatura; descadastrar; descadastre-me; remover
remova-me; remover da lista; remova-me da lista; retirar da lista; não me contatem mais
não quero receber mais emails

wypisz; wypisz mnie; wypisać; rezygnuję; proszę o wypisanie
"""
_POLITE_BEFORE = re.compile(
    r"(?:please|pls|kindly|bitte|veuillez|merci de|svp|s il vous plait|por favor|per favore|alstublieft|aub|graag"
    r"|prosze|hi|hello|hallo|guten tag|bonjour|hola|buenos dias|ciao|buongiorno|ola)\b\s*"
)
_POLITE_AFTER = re.compile(
    r"\s*\b(?:please|pls|bitte|svp|s il vous plait|por favor|per favore|alstublieft|aub|thanks|thank you|thx|danke"
    r"|vielen dank|mit freundlichen grussen|mfg|merci|gracias|grazie|dank u|dank|obrigado|obrigada)$"
)
_PUNCTUATION = re.compile(r"[^\w\s]+")


def asks_off(text: str) -> bool:
    """Whether `text` as a whole, less greetings and thanks, asks for no more mail."""
    if len(text) > _LONGEST:
        return False
    words = _spelled(text)
    for _ in range(3):  # “Hello, please unsubscribe me, thank you”
        words = _POLITE_AFTER.sub("", _POLITE_BEFORE.sub("", words, count=1) if _begins(words) else words)
    return words in _WISHES


def _begins(words: str) -> bool:
    """Whether a word of politeness comes first, and is not all there is."""
    found = _POLITE_BEFORE.match(words)
    return found is not None and found.end() < len(words)


def _spelled(text: str) -> str:
    """`text` folded, its punctuation as blanks."""
    return " ".join(_PUNCTUATION.sub(" ", folded(text)).split())


_WISHES = frozenset(
    _spelled(phrase) for line in _PHRASES.splitlines() for phrase in line.split(";") if phrase.strip()
)  # fmt: skip
