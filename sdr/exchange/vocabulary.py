"""The words column headers use for each field, in seven languages: data only, no logic.

English, German, French, Spanish, Portuguese, Italian and Dutch share one list a field, because a file may mix
them. Accents, case, punctuation and spaces do not matter (see `naming.normalise`). A word that means different
fields in different languages ("Titel", "Département" as a unit of a firm) is left out: a wrong guess costs
more than an empty one. Long data, hence the length of this file.
"""

from __future__ import annotations

LEAD_FIELDS = (
    "external_id",
    "name",
    "first_name",
    "last_name",
    "email",
    "email_2",
    "phone",
    "mobile",
    "title",
    "seniority",
    "department",
    "company",
    "domain",
    "website",
    "employees",
    "industry",
    "country",
    "region",
    "city",
    "postcode",
    "street",
    "zone",
    "linkedin",
    "source",
    "campaign",
    "cost",
    "arrived_at",
    "owner",
    "tags",
    "notes",
    "consent",
    "do_not_call",
    "do_not_email",
)

HISTORY_FIELDS = (
    "state",
    "ae",
    "contacted_at",
    "qualified_at",
    "offered_at",
    "accepted_at",
    "won_at",
    "lost_at",
    "reason",
)

FIELDS = LEAD_FIELDS + HISTORY_FIELDS

# Several columns may feed these; every other field takes one column.
MANY = frozenset({"notes", "tags"})

# Not fields: a "do not contact" column closes both channels.
DO_NOT_CONTACT = "do_not_contact"

ALIASES: dict[str, str] = {
    "external_id": """
        id, external id, record id, contact id, lead id, person id, prospect id, crm id, unique id, uuid,
        guid, customer id, record id contact, kontakt id, kundennummer, kontaktnummer, identifiant, id
        contact, numéro client, id de contacto, id cliente, id del contatto, id contatto, id do contato,
        klantnummer, external reference, reference id, oracle id, euid
        """,
    "name": """
        name, full name, contact name, contact full name, lead name, person name, person, contact, contact
        person, prospect name, attendee, attendee name, customer name, display name, your name, first and
        last name, first name last name, nom, nom complet, nom et prénom, prénom et nom, nom prénom, nom du
        contact, interlocuteur, vollständiger name, ansprechpartner, ansprechpartnerin, kontakt,
        kontaktperson, kontaktname, vor und nachname, vorname nachname, vorname und nachname, nombre, nombre
        completo, nombre y apellidos, nombre y apellido, nombre del contacto, persona de contacto, contacto,
        nome, nome completo, nome e sobrenome, nome do contato, nome do contacto, contato, nome e cognome,
        nominativo, referente, nome contatto, contatto, naam, volledige naam, contactpersoon, naam
        contactpersoon
        """,
    "first_name": """
        first name, firstname, first, given name, forename, fname, christian name, vorname, rufname, prénom,
        nombre de pila, primer nombre, primeiro nome, nome próprio, nome di battesimo, voornaam, roepnaam
        """,
    "last_name": """
        last name, lastname, last, surname, family name, lname, nachname, familienname, zuname, nom de
        famille, apellido, apellidos, primer apellido, apellido paterno, sobrenome, apelido, último nome,
        cognome, achternaam, familienaam
        """,
    "email": """
        email, emails, email address, e mail address, mail, mail address, work email, business email,
        corporate email, email id, primary email, email 1 value, e mail adresse, email adresse, mailadresse,
        emailadresse, adresse email, adresse mail, adresse e mail, adresse électronique, adresse de
        messagerie, courriel, courrier électronique, mél, correo, correo electrónico, dirección de correo,
        dirección de correo electrónico, dirección de email, endereço de email, endereço de e mail, endereço
        eletrônico, correio eletrônico, correio electrónico, posta elettronica, indirizzo email, indirizzo e
        mail, indirizzo mail, mailadres, emailadres, e mailadres, e mail adres
        """,
    "email_2": """
        email 2, second email, secondary email, alternate email, alternative email, other email, additional
        email, zweite e mail, weitere e mail, autre e mail, autre email, e mail secondaire, email
        secondaire, correo secundario, otro correo, email secundário, outro email, email secondaria, altra
        email, tweede e mail, ander e mailadres, email 2 value
        """,
    "phone": """
        phone, phone number, phone no, telephone, telephone number, tel, tel no, telefon, telefonnummer,
        telefonnr, fon, rufnummer, durchwahl, festnetz, festnetznummer, téléphone, numéro de téléphone,
        numéro de tél, numéro tél, n° de téléphone, n° tél, téléphone fixe, tél, fixe, ligne directe,
        standard téléphonique, teléfono, número de teléfono, nº de teléfono, núm de teléfono, teléfono fijo,
        fijo, telefone, número de telefone, telefone fixo, fone, telefono, numero di telefono, telefono
        fisso, recapito telefonico, telefoon, telefoonnummer, telefoonnr, vast nummer, vaste telefoon, work
        phone, business phone, office phone, direct phone, direct dial, direct line, landline, company
        phone, corporate phone, main phone, switchboard, phone 1 value, contact number, contact phone number
        """,
    "mobile": """
        mobile, mobile phone, mobile number, mobile phone number, mobile no, cell, cell phone, cellphone,
        cell number, cellular, mobil, mobiltelefon, mobilnummer, mobilfunk, mobilfunknummer,
        mobiltelefonnummer, handy, handynummer, handynr, portable, téléphone portable, tél portable,
        téléphone mobile, numéro de portable, numéro de mobile, gsm, móvil, teléfono móvil, celular,
        teléfono celular, número de móvil, número de celular, telefone celular, telemóvel, telefone móvel,
        número de telemóvel, cellulare, telefono cellulare, numero di cellulare, mobiel, mobiele telefoon,
        mobiel nummer, mobiele nummer, whatsapp, smartphone, phone 2 value
        """,
    "title": """
        title, job title, jobtitle, position, role, job role, job, function, job function, position title,
        organization title, headline, berufsbezeichnung, stellenbezeichnung, funktion, positionsbezeichnung,
        jobtitel, beruf, rolle, poste, fonction, intitulé du poste, intitulé de poste, titre, titre du
        poste, profession, métier, cargo, puesto, puesto de trabajo, posición, título del puesto, rol,
        função, posição, profissão, qualifica, ruolo, posizione, mansione, carica, functie, functietitel,
        functienaam, rol in bedrijf
        """,
    "seniority": """
        seniority, seniority level, management level, job level, hierarchieebene, karrierestufe,
        hierarchiestufe, niveau hiérarchique, nivel jerárquico, nivel de antigüedad, senioridade, nível
        hierárquico, livello di anzianità, livello gerarchico, senioriteit
        """,
    "department": """
        department, departments, dept, business unit, organization department, abteilung, fachabteilung,
        bereich, departamento, área de la empresa, setor da empresa, dipartimento, reparto, afdeling
        """,
    "company": """
        company, company name, companyname, account, account name, company account, organization,
        organisation, organization name, organisation name, employer, business, business name, firm, current
        company, associated company, firma, firmenname, firmen name, unternehmen, unternehmensname,
        arbeitgeber, organisationsname, gesellschaft, betrieb, entreprise, nom de l entreprise, nom
        entreprise, société, nom de la société, nom société, raison sociale, organisme, employeur, empresa,
        nombre de la empresa, nombre empresa, razón social, compañía, nombre de la compañía, organización,
        nome da empresa, nome empresa, companhia, razão social, organização, azienda, nome azienda, nome
        dell azienda, ragione sociale, società, impresa, organizzazione, ditta, bedrijf, bedrijfsnaam, naam
        bedrijf, organisatie, organisatienaam, werkgever, onderneming
        """,
    "domain": """
        domain, company domain, company domain name, email domain, web domain, website domain, account
        domain, domäne, firmendomain, domaine, nom de domaine, domaine de l entreprise, dominio, dominio de
        la empresa, domínio, domínio da empresa, dominio aziendale, domein, domeinnaam, bedrijfsdomein
        """,
    "website": """
        website, web site, website url, company website, company url, site, web, url, homepage, home page,
        webpage, web page, web address, website 1 value, webseite, internetseite, internetadresse,
        firmenwebseite, site web, site internet, site de l entreprise, sitio web, página web, web de la
        empresa, site da empresa, página, sito, sito web, sito internet, sito aziendale, webadres,
        bedrijfswebsite
        """,
    "employees": """
        employees, number of employees, no of employees, num of employees, nr of employees, employee count,
        employee number, num emp, num employees, headcount, company size, company headcount, size, staff,
        mitarbeiter, mitarbeiterzahl, mitarbeiteranzahl, anzahl mitarbeiter, anzahl der mitarbeiter,
        unternehmensgröße, firmengröße, effectif, effectifs, nombre d employés, nombre de salariés,
        salariés, taille de l entreprise, empleados, número de empleados, nº de empleados, tamaño de la
        empresa, plantilla, funcionários, número de funcionários, colaboradores, número de colaboradores,
        tamanho da empresa, dipendenti, numero di dipendenti, numero dipendenti, dimensione azienda,
        medewerkers, aantal medewerkers, werknemers, aantal werknemers, bedrijfsgrootte
        """,
    "industry": """
        industry, industries, sector, company industry, vertical, line of business, branche,
        wirtschaftszweig, industrie, secteur, secteur d activité, domaine d activité, industria, sector de
        actividad, rubro, setor, setor de atividade, ramo, ramo de atividade, indústria, settore, settore di
        attività, bedrijfstak
        """,
    "country": """
        country, country name, country region, country code, country iso, mailing country, billing country,
        company country, address country, land, länderkürzel, pays, país, país región, nación, paese,
        nazione, stato paese, address 1 country
        """,
    "region": """
        region, state, state region, state province, province, county, mailing state, billing state, company
        state, address state, state or province, bundesland, kanton, provinz, région, province état,
        departement, región, provincia, comunidad autónoma, estado, estado región, região, distrito,
        regione, regio, provincie, address 1 region
        """,
    "city": """
        city, town, company city, mailing city, billing city, address city, city town, location city, stadt,
        ort, wohnort, firmensitz, ville, commune, localité, ciudad, localidad, población, municipio, cidade,
        município, città, comune, località, stad, plaats, woonplaats, vestigingsplaats, address 1 city
        """,
    "postcode": """
        zip, zip code, zipcode, zip postal code, postal code, postalcode, postcode, post code, mailing zip,
        mailing zip postal code, billing zip, plz, postleitzahl, code postal, cp, código postal, código zip,
        cep, cap, codice postale, codice di avviamento postale, address 1 postal code
        """,
    "street": """
        street, street address, street 1, address, address 1, address line 1, mailing street, mailing address, billing
        street, company address, company street, postal address, address 1 street, straße, strasse, straße und
        hausnummer, anschrift, postanschrift, adresse, rue, adresse postale, adresse 1, calle, dirección, dirección
        postal, domicilio, rua, endereço, morada, logradouro, indirizzo, via, straat, adres, straatnaam
        """,
    "zone": """
        time zone, timezone, tz, tz name, zeitzone, fuseau horaire, zona horaria, huso horario, fuso
        horário, fuso orario, tijdzone
        """,
    "linkedin": """
        linkedin, linkedin url, linkedin profile, linkedin profile url, person linkedin url, contact
        linkedin url, linkedin link, li url, linkedin profil, profil linkedin, perfil de linkedin, perfil
        linkedin, profilo linkedin, linkedin profiel
        """,
    "source": """
        source, lead source, leadsource, original source, contact source, lead origin, utm source, how did
        you hear about us, lead channel, acquisition channel, quelle, leadquelle, lead quelle, herkunft,
        leadherkunft, datenquelle, source du lead, provenance, source du contact, origine du lead, fuente,
        origen, fuente del lead, origen del lead, fuente de prospecto, fonte, origem, origem do lead, fonte
        do lead, fonte del lead, origine, origine lead, provenienza, fonte contatto, bron, leadbron,
        herkomst, lead bron
        """,
    "campaign": """
        campaign, campaign name, utm campaign, marketing campaign, lead campaign, kampagne, kampagnenname,
        campagne, nom de la campagne, campaña, nombre de la campaña, campanha, nome da campanha, campagna,
        nome campagna, campagnenaam
        """,
    "cost": """
        cost, lead cost, cost per lead, cpl, price per lead, kosten, leadkosten, kosten pro lead, preis pro
        lead, coût, coût du lead, coût par lead, coste, costo, coste por lead, costo por lead, custo, custo
        por lead, costo per lead, costo del lead, kosten per lead
        """,
    "arrived_at": """
        arrived at, arrived, created, created at, created on, created date, created time, create date,
        create time, date created, creation date, creation time, submitted, submitted at, submission date,
        submission time, date submitted, submitted on, timestamp, time stamp, received, received at,
        received on, received date, date received, lead date, date added, added on, added at, date, entry
        date, signup date, sign up date, registration date, registered at, registered on, registration time,
        connected on, optin time, opt in time, scanned at, scan time, datum, erstellt, erstellt am,
        erstelldatum, erstellungsdatum, eingang, eingangsdatum, eingegangen am, angelegt am, anlagedatum,
        date de création, créé le, date de réception, reçu le, date d inscription, date d ajout, fecha,
        fecha de creación, creado el, fecha de registro, fecha de alta, fecha de recepción, data, data de
        criação, criado em, data de cadastro, data de registo, data de entrada, data creazione, data di
        creazione, creato il, data di inserimento, data registrazione, aangemaakt, aangemaakt op,
        aanmaakdatum, ontvangen op, inschrijfdatum
        """,
    "owner": """
        owner, owner name, owner alias, owner email, owner id, lead owner, lead owner alias, contact owner,
        record owner, assigned to, assignee, assigned rep, sdr, sdr name, bdr, rep, sales rep, sales
        representative, hubspot owner, besitzer, leadbesitzer, zuständig, zuständiger, zugewiesen an,
        verantwortlich, verantwortlicher, eigentümer, kontakteigentümer, bearbeiter, propriétaire,
        propriétaire du contact, attribué à, responsable, commercial, propietario, propietario del contacto,
        asignado a, comercial, proprietário, proprietário do contato, responsável, atribuído a, vendedor,
        proprietario, proprietario del contatto, responsabile, assegnato a, eigenaar, contacteigenaar,
        toegewezen aan, verantwoordelijke
        """,
    "tags": """
        tags, tag, label, labels, list, lists, segment, segments, groups, group membership, schlagwort,
        schlagworte, schlagwörter, étiquette, étiquettes, mots clés, etiqueta, etiquetas, etichetta,
        etichette, trefwoorden
        """,
    "notes": """
        note, notes, comment, comments, remark, remarks, description, message, your message, additional
        information, further information, call notes, memo, notiz, notizen, bemerkung, bemerkungen,
        kommentar, kommentare, anmerkung, anmerkungen, nachricht, beschreibung, remarque, remarques,
        commentaire, commentaires, nota, notas, comentario, comentarios, observaciones, mensaje,
        descripción, comentário, comentários, observações, mensagem, descrição, commento, commenti,
        messaggio, osservazioni, descrizione, opmerking, opmerkingen, notitie, notities, bericht,
        beschrijving, toelichting
        """,
    "consent": """
        consent, gdpr consent, marketing consent, consent given, legal basis, opt in, optin, email opt in,
        permission, marketing permission, marketing opt in, einwilligung, zustimmung, werbeeinwilligung,
        dsgvo, dsgvo einwilligung, consentement, consentement rgpd, rgpd, accord, consentimiento,
        consentimiento rgpd, consentimento, consentimento lgpd, lgpd, consenso, consenso marketing, consenso
        privacy, toestemming, avg toestemming
        """,
    "do_not_call": """
        do not call, dont call, do not phone, dnc, dnc flag, phone opt out, call opt out, no calls, nicht
        anrufen, kein anruf, keine anrufe, ne pas appeler, ne pas téléphoner, bloctel, no llamar, no
        telefonear, não ligar, não telefonar, non chiamare, non telefonare, niet bellen, bel me niet
        """,
    "do_not_email": """
        do not email, dont email, no email, email opt out, email optout, has opted out of email, opted out
        of email, opted out, opt out, optout, unsubscribed, unsubscribed from all email, unsubscribe, email
        unsubscribed, marketing opt out, keine e mails, keine e mail, nicht anmailen, abgemeldet,
        abbestellt, ne pas envoyer d e mail, ne pas contacter par e mail, désinscrit, désabonné, no enviar
        correos, no enviar correo, dado de baja, não enviar email, não enviar e mail, descadastrado, non
        inviare email, disiscritto, niet mailen, uitgeschreven, afgemeld
        """,
    DO_NOT_CONTACT: """
        do not contact, dont contact, no contact, suppressed, blacklisted, nicht kontaktieren, gesperrt,
        werbesperre, kontaktsperre, ne pas contacter, opposition, no contactar, não contatar, não contactar,
        non contattare, niet contacteren, niet benaderen
        """,
}

HISTORY_ALIASES: dict[str, str] = {
    "state": """
        state, status, lead status, lead state, stage, lead stage, lifecycle stage, contact status,
        leadstatus, statut, statut du lead, étape, estado, estado del lead, etapa, estado do lead, stato,
        stato lead, fase
        """,
    "ae": """
        ae, ae name, ae email, account executive, closer, handed to, handed off to, opportunity owner, deal
        owner, sales accepted by, übergeben an, transmis à, entregado a, passado para, passato a,
        overgedragen aan
        """,
    "contacted_at": """
        contacted at, contacted, first contacted, first contacted at, first contact, first contact date,
        first touch, first touch date, first activity, date contacted, contact date, erstkontakt,
        kontaktiert am, erster kontakt, contacté le, premier contact, contactado el, primer contacto,
        contatado em, primeiro contato, contattato il, primo contatto, eerste contact, gecontacteerd op
        """,
    "qualified_at": """
        qualified at, qualified, qualified on, qualified date, qualification date, date qualified, sql date,
        sqa date, qualifiziert am, qualifié le, date de qualification, calificado el, fecha de calificación,
        cualificado el, qualificado em, qualificato il, gekwalificeerd op
        """,
    "offered_at": """
        offered at, offered, offered on, handed off at, handed over at, handed over, handoff date, handover
        date, passed at, passed on, date handed over, übergeben am, übergabe, übergabedatum, transmis le,
        date de transmission, entregado el, passado em, passato il, overgedragen op
        """,
    "accepted_at": """
        accepted at, accepted, accepted on, accepted date, date accepted, sal date, sales accepted date,
        angenommen am, accepté le, aceptado el, aceito em, accettato il, geaccepteerd op
        """,
    "won_at": """
        won at, won, won on, won date, date won, closed won date, closed won at, customer since, became
        customer, gewonnen am, gagné le, ganado el, ganho em, vinto il, gewonnen op
        """,
    "lost_at": """
        lost at, lost, lost on, lost date, date lost, closed lost date, closed lost at, verloren am, perdu
        le, perdido el, perdido em, perso il, verloren op
        """,
    "reason": """
        reason, lost reason, loss reason, closed lost reason, disqualification reason, disqualified reason,
        reject reason, rejection reason, return reason, recycle reason, grund, verlustgrund,
        ablehnungsgrund, motif, motif de perte, raison, motivo, motivo de pérdida, razón, motivo da perda,
        motivo perdita, reden, verliesreden
        """,
}


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, parted by white space."""
    return frozenset(text.split())


# Words that narrow a header without changing its field: "Work Email (primary)" is an e-mail address.
NOISE = word_set(
    """
    the a of your our my his her lead leads contact contacts person prospect primary main default work business
    office professional corporate personal private home current direct other first1 number1 required optional value
    geschaftlich geschaftliche geschaftlicher beruflich berufliche dienstlich dienstliche privat private haupt des
    der die das von vom zu ihre ihr kontakt pro professionnel professionnelle professionnels perso personnel
    personnelle principal principale bureau travail de du la le les l d votre del el los las trabajo laboral
    profesional personal oficina empresarial su tu da do dos das o seu sua trabalho profissional comercial pessoal
    di della dello dell il lo lavoro aziendale professionale personale ufficio tuo tua zakelijk zakelijke werk prive
    van het een uw je hoofd
    """
)

PERSONAL = word_set("personal private privat perso personnel pessoal personale prive privee home other autre")

PHONE_WORDS = word_set(
    """
    phone phones telephone tel telefon telefonnummer telefono telefone telefoon telefoonnummer rufnummer fon fone
    festnetz festnetznummer durchwahl landline telefonnr telefoonnr
    """
)
MOBILE_WORDS = word_set(
    """
    mobile mobil cell cellphone cellular handy handynummer mobilnummer mobiltelefon mobilfunk mobilfunknummer
    portable gsm movil celular telemovel cellulare mobiel mobiele whatsapp smartphone handynr
    """
)
EMAIL_WORDS = word_set(
    """
    email emails mail emailadresse mailadresse courriel correo mel emailadres mailadres emailaddress mailaddress
    """
)
COMPANY_WORDS = word_set(
    """
    company account organization organisation firma unternehmen entreprise societe empresa azienda bedrijf
    """
)
# A header with one of these tells about an address or a number; it does not hold one.
ABOUT_WORDS = word_set(
    """
    type typ status state code label verified verification valid validity opt optin optout consent permission date
    last next count provider carrier extension ext fax domain sent opened open clicked clicks bounced bounce replied
    confidence score catch source quality owner template subject body unsubscribed unsubscribe do not dont no nicht
    keine kein ne pas non niet nao unlocked zone timezone attempts calls time tipo statut estado country
    format error reason id preference preferred
    """
)
