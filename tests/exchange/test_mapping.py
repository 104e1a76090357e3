"""Which column feeds which field: names in many languages, products, contents, memory and the rep's word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.exchange import vocabulary_scripts
from sdr.exchange.content import blank_word_warnings, is_phone
from sdr.exchange.mapping import ColumnMap, Found, fingerprint, override, propose
from sdr.exchange.naming import field_named
from sdr.exchange.presets import presets, recognise
from sdr.exchange.reading import open_table
from sdr.exchange.vocabulary import ALIASES, DO_NOT_CONTACT, FIELDS, HISTORY_ALIASES, MANY
from sdr.models.terms import Refused
from tests.shared_data import folder


def mapped(header, rows=(), **more):
    return propose(header.split(";"), rows, **more).by_name()


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("E-Mail-Adresse (geschäftlich)", "email"),
        ("Work Email", "email"),
        ("EMAIL_ADDRESS", "email"),
        ("e mail", "email"),
        ("Correo electrónico del trabajo", "email"),
        ("Courriel", "email"),
        ("E-mailadres", "email"),
        ("Posta elettronica", "email"),
        ("Téléphone portable", "mobile"),
        ("Telefone celular", "mobile"),
        ("Handynummer", "mobile"),
        ("Telefon (mobil)", "mobile"),
        ("Cellulare", "mobile"),
        ("Numéro de tél.", "phone"),
        ("Tel.-Nr.", "phone"),
        ("Telefoonnummer", "phone"),
        ("Entreprise", "company"),
        ("Razón social", "company"),
        ("Company / Account", "company"),
        ("Bedrijf", "company"),
        ("FirstName", "first_name"),
        ("Vorname", "first_name"),
        ("Sobrenome", "last_name"),
        ("Achternaam", "last_name"),
        ("LeadSource", "source"),
        ("Lead_Source__c", "source"),
        ("# Employees", "employees"),
        ("Unternehmensgröße", "employees"),
        ("Mailing Zip/Postal Code", "postcode"),
        ("PLZ", "postcode"),
        ("Person Linkedin Url", "linkedin"),
        ("LinkedIn", "linkedin"),
        ("Erstellt am", "arrived_at"),
        ("Bundesland", "region"),
        ("Do Not Call", "do_not_call"),
        ("Unsubscribed", "do_not_email"),
        ("external_id", "external_id"),
        ("Email 2", "email_2"),
        # About an address, or somebody else's: no field.
        ("Email Status", None),
        ("Phone Type", None),
        ("Last Email Date", None),
        ("Company Linkedin Url", None),
        ("Fax", None),
        ("Language", None),
        ("", None),
        ("?", None),
    ],
)
def test_names(name, field):
    assert field_named(name) == field


def test_no_alias_means_two_fields():
    for table in (ALIASES, HISTORY_ALIASES, vocabulary_scripts.ALIASES):
        for field, text in table.items():
            for alias in text.split(","):
                found = field_named(alias, history=table is HISTORY_ALIASES)
                assert found == field, f"{alias.strip()} reads as {found}, not {field}"
        assert set(table) - {DO_NOT_CONTACT} <= set(FIELDS)


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (("الاسم", "البريد الإلكتروني", "رقم الهاتف", "الشركة", "المسمى الوظيفي"), "name email phone company title"),
        (("اسم العائلة", "الاسم الأول", "الجوال", "ملاحظات"), "last_name first_name mobile notes"),
        (("पूरा नाम", "ईमेल", "फ़ोन नंबर", "कंपनी का नाम", "पदनाम", "शहर"), "name email phone company title city"),
        (("姓", "名", "电子邮箱", "手机号", "公司名称"), "last_name first_name email mobile company"),
        (("氏名", "メールアドレス", "電話番号", "会社名", "役職"), "name email phone company title"),
        (("이름", "이메일", "휴대폰", "회사명", "직책"), "name email mobile company title"),
        (("Фамилия", "Имя", "Эл. почта", "Телефон", "Компания"), "last_name first_name email phone company"),
    ],
)  # fmt: skip
def test_columns_named_in_other_scripts(header: tuple[str, ...], fields: str) -> None:
    assert [field_named(name) for name in header] == fields.split()


@pytest.mark.parametrize(
    "header",
    [
        "Vorname;Name;Firma;E-Mail;Telefon;Handy",
        "Prénom;Nom;Entreprise;Courriel;Tél.;Portable",
        "Nombre;Apellidos;Empresa;Correo electrónico;Teléfono;Móvil",
        "Nome;Sobrenome;Empresa;E-mail;Telefone;Celular",
        "Nome;Cognome;Azienda;Posta elettronica;Telefono;Cellulare",
        "Voornaam;Achternaam;Bedrijf;E-mailadres;Telefoon;Mobiel",
        "First name;Surname;Company;Email;Phone;Mobile",
    ],
)
def test_a_name_beside_half_a_name_is_the_other_half(header):
    assert list(mapped(header).values()) == ["first_name", "last_name", "company", "email", "phone", "mobile"]


def test_a_lone_or_full_name_is_the_name():
    assert mapped("Nom;Email")["Nom"] == "name"
    assert mapped("Full Name;First Name;Email")["Full Name"] == "name"


def test_several_addresses_and_numbers():
    assert mapped("Personal Email;Work Email;Email;Other Email") == {
        "Personal Email": None,
        "Work Email": "email",
        "Email": None,
        "Other Email": "email_2",
    }
    assert mapped("Phone 1;Phone 2;Phone 3") == {"Phone 1": "phone", "Phone 2": "mobile", "Phone 3": None}
    assert mapped("Mobile;Cell;Email;Email (2)") == {
        "Mobile": "mobile",
        "Cell": "phone",
        "Email": "email",
        "Email (2)": "email_2",
    }


def test_of_two_equal_columns_the_first_filled_one_wins():
    header = "Name;Company;Name (2);Company (2)"
    assert mapped(header, [("Ana", "", "Ann", "Acme")]) == {
        "Name": "name",
        "Company": None,
        "Name (2)": None,
        "Company (2)": "company",
    }


def test_notes_may_come_from_many_columns():
    found = propose(["Email", "Notes", "Comments"], [])
    assert found.values(("a@b.example", "one", "two")) == {"email": "a@b.example", "notes": "one\ntwo"}


def test_do_not_contact_closes_both_channels():
    found = propose(["Email", "Do not contact"], [])
    assert found.values(("a@b.example", "yes")) == {"email": "a@b.example", "do_not_call": "yes", "do_not_email": "yes"}
    assert {"do_not_call", "do_not_email"} <= found.fields()


def test_contents_speak_where_names_do_not():
    rows = [
        (
            "ana@acme.example",
            "+49 30 1234567",
            "Ana Ruiz",
            "Acme GmbH",
            "Germany",
            "https://linkedin.com/in/ana",
            "2024-03-01",
        ),
        ("bob@beta.example", "030 7654321", "Bob Ode", "Beta Inc.", "France", "linkedin.com/in/bob", "2024-03-02"),
    ]
    header = [f"column {n}" for n in range(1, 8)]
    fields = ["email", "phone", "name", "company", "country", "linkedin", "arrived_at"]
    found = propose(header, rows)
    assert [choice.field for choice in found.choices] == fields
    assert {choice.found for choice in found.choices} == {Found.CONTENT}
    odd = propose(["Foo", "Bar", "Baz", "Quux", "Land?", "Link", "When"], rows)
    assert [choice.field for choice in odd.choices] == ["email", "phone", None, None, "country", "linkedin", None]


def test_contents_overrule_a_name_that_cannot_be():
    found = mapped("Email;Phone;Mail", [("yes", "n/a", "ana@acme.example"), ("no", "n/a", "bob@acme.example")])
    assert found == {"Email": None, "Phone": None, "Mail": "email"}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("+49 30 1234567", True),
        ("(415) 555-0100", True),
        ("06 12 34 56 78", True),
        ("14155550100", True),
        ("555-0100", True),
        ("1234567", False),
        ("2024-03-15", False),
        ("15.03.2024", False),
        ("call me", False),
    ],
)
def test_what_reads_as_a_phone_number(text, is_one):
    assert is_phone(text) is is_one


@pytest.mark.parametrize(
    ("header", "product"),
    [
        ("Record ID;First Name;Last Name;Email;Phone Number;Lead Status", "HubSpot"),
        ("Record ID;Name", None),
        ("Email;Name", None),
        ("First Name;Last Name;Email", None),
        ("First Name;Last Name;Company / Account;Email;Lead Source;Lead Owner", "Salesforce"),
        ("Id;LastName;FirstName;Company;LeadSource;OwnerId", "Salesforce"),
        ("First Name;Last Name;Title;Company;Company Name for Emails;Email;Email Status;Person Linkedin Url", "Apollo"),
        ("First Name;Last Name;URL;Email Address;Company;Position;Connected On", "LinkedIn"),
        (
            "First Name;Middle Name;Last Name;Organization Name;Labels;E-mail 1 - Label;E-mail 1 - Value",
            "Google Contacts",
        ),
        ("id;created_time;ad_id;form_id;form_name;is_organic;platform;email;full_name", "Facebook"),
        ("Email Address;First Name;Last Name;MEMBER_RATING;OPTIN_TIME;LEID;EUID", "Mailchimp"),
        ("Person - Name;Person - Email - Work;Person - Organization", "Pipedrive"),
        ("Record Id;Lead Owner;Company;First Name;Last Name;Email;Lead Source;Lead Status", "Zoho"),
    ],
)
def test_products_are_recognised_and_no_others(header, product):
    preset = recognise(header.split(";"))
    assert (preset and preset.name) == product


def test_every_preset_feeds_fields_that_there_are():
    assert len(presets()) == len({preset.name for preset in presets()})
    for preset in presets():
        assert set(preset.fields.values()) - {None} <= set(FIELDS)
        assert 1 <= preset.enough <= len(preset.hints)


def test_a_preset_maps_its_own_words_and_names_the_rest():
    found = mapped("First Name;Last Name;URL;Email Address;Company;Position;Connected On;Bemerkung")
    assert found == {
        "First Name": "first_name",
        "Last Name": "last_name",
        "URL": "linkedin",
        "Email Address": "email",
        "Company": "company",
        "Position": "title",
        "Connected On": "arrived_at",
        "Bemerkung": "notes",
    }


def test_facebook_marks_are_taken_off_the_values():
    found = propose(["id", "created_time", "form_id", "platform", "full_name", "phone_number"], [])
    values = found.values(("l:123", "2024-03-15T09:12:00+0000", "f:9", "fb", "Ana: Ruiz", "p:+49301234567"))
    assert values["external_id"] == "123"
    assert values["phone"] == "+49301234567"
    assert values["name"] == "Ana: Ruiz"
    assert values["arrived_at"] == "2024-03-15T09:12:00+0000"


def test_state_is_a_region_unless_it_holds_states_of_leads():
    assert mapped("Name;State", [("Ana", "Texas")])["State"] == "region"
    assert mapped("Name;State", [("Ana", "Texas")], history=True)["State"] == "region"
    assert mapped("Name;State", [("Ana", "qualified"), ("Bob", "lost")], history=True)["State"] == "state"
    past = mapped("Email;Lead Status;AE;Handed over;Won date;Lost reason", history=True)
    assert list(past.values()) == ["email", "state", "ae", "offered_at", "won_at", "reason"]
    assert mapped("Email;Lost reason")["Lost reason"] is None


def test_what_was_remembered_is_used_again():
    first = propose(["Kunde", "Mail"], [])
    remembered = {**first.by_name(), "Kunde": "company", "Mail": None}
    again = propose(["KUNDE", "mail", "Email"], [], remembered)
    assert [(c.field, c.found) for c in again.choices] == [
        ("company", Found.REMEMBERED),
        (None, Found.REMEMBERED),
        ("email", Found.NAME),
    ]


def test_a_fingerprint_is_the_shape_and_not_the_order_or_the_case():
    assert fingerprint(("Name", "E-Mail")) == fingerprint(("e mail", "NAME"))
    assert fingerprint(("Name", "Email")) != fingerprint(("Name", "Email", "Phone"))
    assert len(fingerprint(())) == 64


def test_the_reps_word_wins_and_takes_the_field_from_the_other_column():
    start = propose(["Name", "Email", "a=b"], [])
    found = override(start, ["a=b=email", "name=", "2=email_2"])
    assert isinstance(found, ColumnMap)
    assert [(c.field, c.found) for c in found.choices] == [
        (None, Found.GIVEN),
        ("email_2", Found.GIVEN),
        ("email", Found.GIVEN),
    ]


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ("Emial=email", '"Emial"'),
        ("9=email", '"9"'),
        ("Name", '"Name"'),
        ("Name=fullname", '"fullname"'),
        ("=email", "no column"),
    ],
)
def test_a_pair_that_makes_no_sense_is_refused(pair, says):
    refused = override(propose(["Name", "Email"], []), [pair])
    assert isinstance(refused, Refused)
    assert says in refused.reason
    assert refused.hint


def test_two_columns_for_one_field_are_refused():
    assert isinstance(override(propose(["A", "B"], []), ["A=email", "B=email"]), Refused)
    assert isinstance(override(propose(["A", "B"], []), ["A=notes", "B=notes"]), ColumnMap)


def test_words_for_nothing_are_mentioned_and_kept():
    rows = [("N/A", "u"), ("n/a", "Select"), ("Acme", "y")]
    assert [w.split(";")[0] for w in blank_word_warnings(["A", "B"], rows)] == [
        'Column 1 holds "n/a" in 2 of the first rows',
        'Column 2 holds "select" in 1 of the first rows',
    ]
    assert propose(["Company"], rows).values(("N/A",)) == {"company": "N/A"}


@given(
    st.lists(
        st.one_of(st.text(max_size=20), st.sampled_from(["Email", "Phone", "Name", "State", "Do not contact"])),
        max_size=12,
    ),
    st.lists(st.lists(st.text(max_size=12), max_size=12), max_size=4),
    st.booleans(),
)
def test_no_field_of_one_value_is_ever_fed_twice(header, rows, history):
    found = propose(header, rows, history=history)
    fields = [field for c in found.choices for field in (c.field, c.also) if field and field not in MANY]
    assert len(fields) == len(set(fields))
    assert set(fields) <= set(FIELDS)
    assert [c.name for c in found.choices] == header


# The outside files.


@pytest.mark.parametrize(
    ("name", "product", "fields"),
    [
        ("01-facebook-leads-standard.csv", "Facebook", "arrived_at name email phone campaign -"),
        ("05-excel-export.csv", None, "first_name last_name email mobile company title arrived_at"),
        ("09-duplicate-headers.csv", None, "name email phone - email_2 notes"),
        ("11-international-names.csv", None, "name email phone country -"),
        ("24-salesforce-style.csv", "Salesforce", "source first_name last_name email phone - owner arrived_at"),
        ("25-hubspot-export.csv", "HubSpot", "external_id first_name last_name email phone - - source"),
        ("european-semicolon.csv", None, "name email phone company -"),
        ("hubspot-export.csv", "HubSpot", "external_id first_name last_name email phone - arrived_at source"),
    ],
)
def test_lead_files(name, product, fields):
    table = open_table(folder("groweasy", name))
    found = propose(table.header, table.sample())
    assert found.preset == product
    assert [choice.field or "-" for choice in found.choices] == fields.split()
