"""The names people write for countries, a line or two a country: data, which is why this file is long.

ISO 3166 codes (with XK, which the standard leaves to users), their names in English, German, French, Spanish,
Portuguese, Italian and Dutch and at home (Unicode CLDR), and what sales files hold besides. `places.country`
reads it.
"""

NAMES = """
AD Andorra | Andorre
AE United Arab Emirates | Vereinigte Arabische Emirate | Emirats Arabes Unis | Emiratos Árabes Unidos
AE Emirados Árabes Unidos | Emirati Arabi Uniti | Verenigde Arabische Emiraten | الإمارات | UAE | Emirates
AE VAE | EAU | ARE
AF Afghanistan | Afganistán | Afeganistão
AG Antigua & Barbuda | Antigua und Barbuda | Antigua et Barbuda | Antigua y Barbuda | Antígua e Barbuda
AG Antigua en Barbuda | Antigua
AI Anguilla | Anguila
AL Albania | Albanien | Albanie
AM Armenia | Armenien | Arménie
AO Angola
AQ Antarctica | Antarktis | Antarctique | Antártida | Antartide
AR Argentina | Argentinien | Argentine | Argentinië | ARG
AS Samoa (American) | American Samoa | Amerikanisch-Samoa | Samoa américaines | Samoa Americana
AS Samoa americane | Amerikaans Samoa
AT Austria | Österreich | Autriche | Oostenrijk | AUT
AU Australia | Australien | Australie | AUS
AW Aruba
AX Åland Islands | Aaland-Inseln | Îles Åland | Islas Aland | Ilhas Aland | Isole Aland | Alandeilanden
AX Aland
AZ Azerbaijan | Aserbaidschan | Azerbaïdjan | Azerbaiyán | Azerbaijão | Azerbaigian | Azerbeidzjan
BA Bosnia & Herzegovina | Bosnien und Herzegowina | Bosnie-Herzégovine | Bosnia y Hercegovina
BA Bósnia-Herzegovina | Bosnia-Erzegovina | Bosnië en Herzegovina | Bosnia | Bosnien
BB Barbados | Barbade
BD Bangladesh | Bangladesch
BE Belgium | Belgien | Belgique | Bélgica | Belgio | België | BEL
BF Burkina Faso | Burquina Faso
BG Bulgaria | Bulgarien | Bulgarie | Bulgarije | България | BGR
BH Bahrain | Bahreïn
BI Burundi
BJ Benin
BL St Barthelemy | Saint Barthélemy | San Bartolomé | São Bartolomeu
BM Bermuda | Bermudes | Bermudas
BN Brunei | Brunei Darussalam
BO Bolivia | Bolivien | Bolivie | Bolivia, Plurinational State of
BQ Caribbean NL | Bonaire, Sint Eustatius and Saba | Bonaire, Sint Eustatius und Saba
BQ Bonaire, Saint-Eustache et Saba | Bonaire, San Eustaquio y Saba | Bonaire, Sint Eustatius e Saba
BQ Caribbean Netherlands
BR Brazil | Brasilien | Brésil | Brasil | Brasile | Brazilië | BRA
BS Bahamas
BT Bhutan | Bhoutan | Bután | Butão
BV Bouvet Island | Bouvet-Insel | Île Bouvet | Isla Bouvet | Ilha Bouvet | Isola di Bouvet | Bouveteiland
BW Botswana | Botsuana
BY Belarus | Biélo-Russie | Bielorrusia | Bielorussia | Wit-Rusland | Weißrussland | Biélorussie
BY Bielorrússia | BLR | Беларусь
BZ Belize | Belice
CA Canada | Kanada | CAN
CC Cocos (Keeling) Islands | Cocos Islands | Kokos-Inseln | Îles Cocos | Islas Cocos | Ilhas Coco
CC Isole Cocos | Cocoseilanden
CD Congo (Dem. Rep.) | The Democratic Republic Of Congo | Demokratische Republik Kongo
CD République démocratique du Congo | República Democrática del Congo | Congo-Kinshasa
CD Repubblica democratica del Congo | DR Congo | DRC | Congo, Democratic Republic of the | Zaire | COD
CF Central African Rep. | Central African Republic | Zentralafrikanische Republik
CF République Centre-Africaine | República Centroafricana | República Centro-Africana
CF Repubblica Centrafricana | Centraal-Afrikaanse Republiek
CG Congo (Rep.) | Congo | Kongo | Congo - Brazzaville | Republic of the Congo
CH Switzerland | Schweiz | Suisse | Suiza | Suíça | Svizzera | Zwitserland | CHE | SUI | Swiss | Svizra
CI Côte d'Ivoire | Elfenbeinküste | Costa de Marfil | Costa do Marfim | Costa d'Avorio | Ivoorkust
CI Ivory Coast | CIV
CK Cook Islands | Cook-Inseln | Îles Cook | Islas Cook | Ilhas Cook | Isole Cook | Cookeilanden
CL Chile | Chili | Cile | CHL
CM Cameroon | Kamerun | Cameroun | Camerún | República dos Camarões | Kameroen
CN China | Chine | Cina | 中国 | PRC | P.R. China | People's Republic of China | Mainland China | CHN
CO Colombia | Kolumbien | Colombie | COL | Columbia
CR Costa Rica
CU Cuba | Kuba
CV Cape Verde | Kap Verde | Cap Vert | Cabo Verde | Capo Verde | Kaapverdië
CW Curaçao
CX Christmas Island | Weihnachtsinsel | Île Christmas | Isla Christmas | Ilhas Natal | Isola di Natale
CX Christmaseiland
CY Cyprus | Zypern | Chypre | Chipre | Cipro
CZ Czech Republic | Tschechische Republik | République Tchèque | Chequia | República Tcheca
CZ Repubblica Ceca | Tsjechië | Česká republika | Czechia | Tschechien | Tchéquie | Česko | CZE | Cechia
DE Germany | Deutschland | Allemagne | Alemania | Alemanha | Germania | Duitsland
DE Federal Republic of Germany | BRD | DEU | Bundesrepublik Deutschland | GER
DJ Djibouti | Dschibuti | Yibuti | Djibuti | Gibuti
DK Denmark | Dänemark | Dinamarca | Danimarca | Denemarken | Danmark | DNK
DM Dominica | Dominique
DO Dominican Republic | Dominikanische Republik | République Dominicaine | República Dominicana
DO Repubblica Dominicana | Dominicaanse Republiek
DZ Algeria | Algerien | Algérie | Argelia | Algerije | الجزائر
EC Ecuador | Equateur | Equador
EE Estonia | Estland | Estonie | Eesti | EST
EG Egypt | Ägypten | Egypte | Egipto | Egito | Egitto | مصر | EGY
EH Western Sahara | Westsahara | Sahara Occidental | Saara Ocidental | Sahara Occidentale
EH Westelijke Sahara
ER Eritrea | Erythrée | Eritreia
ES Spain | Spanien | Espagne | España | Espanha | Spagna | Spanje | ESP
ET Ethiopia | Äthiopien | Ethiopie | Etiopía
FI Finland | Finnland | Finlande | Finlandia | Suomi | FIN
FJ Fiji | Fidschi | Fidji | Fiyi | Figi
FK Falkland Islands | Falkland-Inseln | Îles Malouines | Islas Malvinas | Ilhas Malvinas | Isole Falkland
FK Falklandeilanden | Falkland Islands (Malvinas) | Malvinas
FM Micronesia | Mikronesien | Micronésie | Micronesia, Federated States of
FO Faroe Islands | Färöer-Inseln | Îles Féroé | Islas Feroe | Ilhas Faroe | Isole Færoer | Faeröer
FR France | Frankreich | Francia | França | Frankrijk | FRA
GA Gabon | Gabun | Gabão
GB Britain (UK) | United Kingdom | Vereinigtes Königreich | Royaume-Uni | Reino Unido | Regno Unito
GB Verenigd Koninkrijk | UK | Great Britain | Britain | England | Scotland | Wales | Northern Ireland | GBR
GB Grossbritannien | Grande-Bretagne | Gran Bretaña | Grã-Bretanha | Angleterre | Inglaterra
GD Grenada | Grenade | Granada
GE Georgia | Georgien | Géorgie
GF French Guiana | Französisch-Guayana | Guyane française | Guayana Francesa | Guiana Francesa
GF Guayana Francese | Frans-Guyana
GG Guernsey | Guernesey
GH Ghana | Gana
GI Gibraltar | Gibilterra
GL Greenland | Grönland | Groenland | Groenlandia
GM Gambia | Gambie
GN Guinea | Guinée | Guiné
GP Guadeloupe | Guadalupe | Guadalupa
GQ Equatorial Guinea | Äquatorial-Guinea | Guinée Equatoriale | Guinea Ecuatorial | Guiné Equatorial
GQ Guinea Equatoriale | Equatoriaal-Guinea
GR Greece | Griechenland | Grèce | Grecia | Griekenland | Ελλάδα | GRC | Hellas | Ellada
GS South Georgia & the South Sandwich Islands | Süd-Georgia und die südlichen Sandwich-Inseln
GS Géorgie du Sud et îles Sandwich du Sud | Islas Georgia del Sur y Sandwich del Sur
GS Geórgia do Sul e Ilhas Sandwich do Sul | Georgia del sud e isole Sandwich meridionali
GS Zuid-Georgië en Zuidelijke Sandwicheilanden | South Georgia
GT Guatemala
GU Guam
GW Guinea-Bissau | Guinée-Bissau | Guiné Bissau
GY Guyana | Guiana
HK Hong Kong | Hongkong | Hong Kong, Região Admin. Especial da China | Hongkong SAR van China | 香港
HK Hong Kong SAR | HKG | Hong Kong SAR China
HM Heard Island & McDonald Islands | Heard- und McDonald-Inseln | Île Heard et îles McDonald
HM Islas Heard y McDonald | Ilha Heard e Ilhas McDonald | Isole Heard e McDonald
HM Heard- en McDonaldeilanden
HN Honduras
HR Croatia | Kroatien | Croatie | Croacia | Croazia | Kroatië | Hrvatska | HRV
HT Haiti
HU Hungary | Ungarn | Hongrie | Hungría | Ungheria | Hongarije | Magyarország | HUN
ID Indonesia | Indonesien | Indonésie | IDN
IE Ireland | Irland | Irlande | Irlanda | Ierland | Éire | Republic of Ireland | IRL
IL Israel | Israele | ישראל | ISR
IM Isle of Man | Ile de Man | Isla de Man | Ilha de Man | Isola di Man
IN India | Indien | Inde | भारत | IND | Bharat
IO British Indian Ocean Territory | Britische Territorien im Indischen Ozean
IO Territoires britanniques de l'Océan Indien | Territorio Británico del Océano Índico
IO Território Britânico do Oceano Índico | Territorio britannico dell'Oceano Indiano
IO Britse Gebieden in de Indische Oceaan
IQ Iraq | Irak | Iraque
IR Iran | Irã | Iran, Islamic Republic of | Persia
IS Iceland | Island | Islande | Islandia | Islanda | IJsland
IT Italy | Italien | Italie | Italia | ITA
JE Jersey
JM Jamaica | Jamaika | Jamaïque | Giamaica
JO Jordan | Jordanien | Jordanie | Jordania | Giordania
JP Japan | Japon | Japão | Giappone | 日本 | JPN | Nippon | Nihon
KE Kenya | Kenia | Quênia | KEN
KG Kyrgyzstan | Kirgistan | Kirguizistán | Quirguistão | Kirghizistan | Kirgizië
KH Cambodia | Kambodscha | Cambodge | Camboya | Camboja | Cambogia | Cambodja
KI Kiribati | Quiribati
KM Comoros | Komoren | Comores | Comore | Comoren
KN St Kitts & Nevis | Saint Kitts And Nevis | Saint Kitts und Nevis | Saint-Christophe-et-Niévès
KN San Cristóbal y Nieves | São Cristovão e Nevis | Saint Kitts e Nevis | Saint Kitts en Nevis
KP Korea (North) | North Korea | Nordkorea | Corée du Nord | Corea del Norte | Coreia do Norte
KP Corea del Nord | Noord-Korea | DPRK | Korea, Democratic People's Republic of
KP Democratic People's Republic of Korea | PRK
KR Korea (South) | South Korea | Südkorea | Corée du Sud | Corea del Sur | Coreia do Sul | Corea del Sud
KR Zuid-Korea | 대한민국 | Korea | Republic of Korea | Korea, Republic of | Korea Republic | KOR | 한국
KW Kuwait | Koweit | Koeweit | KWT
KY Cayman Islands | Kaiman-Inseln | Îles Caïmans | Islas Caimán | Ilhas Caiman | Isole Cayman
KY Caymaneilanden
KZ Kazakhstan | Kasachstan | Kazajstán | Casaquistão | Kazachstan
LA Laos | República Popular Democrática do Laos | Lao PDR | Lao People's Democratic Republic
LB Lebanon | Libanon | Liban | Líbano
LC St Lucia | Saint Lucia | Sainte-Lucie | Santa Lucia | Sainte Lucia
LI Liechtenstein
LK Sri Lanka
LR Liberia
LS Lesotho | Lesoto
LT Lithuania | Litauen | Lithuanie | Lituania | Litouwen | Lietuva | LTU
LU Luxembourg | Luxemburg | Luxemburgo | Lussemburgo | LUX | Lëtzebuerg
LV Latvia | Lettland | Lettonie | Letonia | Lettonia | Letland | Latvija | LVA
LY Libya | Libyen | Libye | Libia | Libië
MA Morocco | Marokko | Maroc | Marruecos | Marrocos | Marocco | المغرب
MC Monaco
MD Moldova | Moldau | Moldavie | Moldavia | Moldova, Republic of | Republic of Moldova
ME Montenegro
MF St Martin (French) | Saint Martin | St. Martin | San Martín | São Martinho | Saint Martin (French part)
MG Madagascar | Madagaskar
MH Marshall Islands | Marshall-Inseln | Îles Marshall | Islas Marshall | Ilhas Marshall | Isole Marshall
MH Marshalleilanden
MK North Macedonia | Macedonia | Mazedonien | Macédoine | Macedonië | Nordmazedonien | Macédoine du Nord
MK Macedonia del Norte | FYROM | MKD
ML Mali
MM Myanmar (Burma) | Myanmar | Mianmar [Birmânia] | Burma | Birmanie | Birma
MN Mongolia | Mongolei | Mongolie
MO Macau | Macao | Macau, Região Admin. Especial da China | Macao SAR van China | Macao SAR
MP Northern Mariana Islands | Nördliche Mariannen-Inseln | Îles Mariannes du Nord | Islas Marianas del Norte
MP Ilhas Marianas do Norte | Isole Marianne settentrionali | Noordelijke Marianeneilanden
MQ Martinique | Martinica
MR Mauritania | Mauretanien | Mauritanie
MS Montserrat
MT Malta | Malte
MU Mauritius | Maurice | Mauricio | Maurizio
MV Maldives | Maldiven | Maldivas | Maldive
MW Malawi | Malaui
MX Mexico | Mexiko | Mexique | Messico | MEX
MY Malaysia | Malaisie | Malasia | Maleisië | MYS
MZ Mozambique | Mosambik | Moçambique | Mozambico
NA Namibia | Namibie
NC New Caledonia | Neukaledonien | Nouvelle-Calédonie | Nueva Caledonia | Nova Caledônia | Nuova Caledonia
NC Nieuw-Caledonië
NE Niger
NF Norfolk Island | Norfolk-Insel | Île Norfolk | Isla Norfolk | Ilha Norfolk | Isola Norfolk
NF Norfolkeiland
NG Nigeria | NGA
NI Nicaragua
NL Netherlands | Niederlande | Pays-Bas | Holanda | Paesi Bassi | Nederland | Holland | Hollande | Olanda
NL NLD | Países Bajos | Países Baixos
NO Norway | Norwegen | Norvège | Noruega | Norvegia | Noorwegen | Norge | NOR | Noreg
NP Nepal
NR Nauru
NU Niue
NZ New Zealand | Neuseeland | Nouvelle-Zélande | Nueva Zelanda | Nova Zelândia | Nuova Zelanda
NZ Nieuw-Zeeland | NZL | Aotearoa
OM Oman | Omã
PA Panama
PE Peru | Pérou | PER
PF French Polynesia | Französisch-Polynesien | Polynésie Française | Polinesia Francesa | Polinesia Francese
PF Frans-Polynesië
PG Papua New Guinea | Papua-Neuguinea | Papouasie-Nouvelle-Guinée | Papua-Nova Guiné | Papua Nuova Guinea
PG Papoea-Nieuw-Guinea
PH Philippines | Philippinen | Filipinas | Filippine | Filipijnen | PHL
PK Pakistan | Paquistán | Paquistão
PL Poland | Polen | Pologne | Polonia | Polska | POL
PM St Pierre & Miquelon | Saint Pierre And Miquelon | St. Pierre und Miquelon | Saint-Pierre-et-Miquelon
PM San Pedro y Miquelón | Saint Pierre e Miquelon | Saint Pierre en Miquelon
PN Pitcairn | Islas Pitcairn
PR Puerto Rico | Porto Rico | PRI
PS Palestine | Palästina | Palestina | Territórios palestinos | Palestijns Gebied | Palestinian Territory
PS State of Palestine | Palestinian Territories
PT Portugal | Portogallo | PRT
PW Palau | Belau | Palaos
PY Paraguay | Paraguai
QA Qatar | Katar | Catar | QAT
RE Réunion | La Réunion | Reunião | Reunion Island
RO Romania | Rumänien | Roumanie | Rumania | Romênia | Roemenië | ROU
RS Serbia | Serbien | Serbie | Sérvia | Servië | SRB
RU Russia | Russland | Russie | Rusia | Rusland | Россия | Russian Federation | RUS | РФ
RW Rwanda | Ruanda
SA Saudi Arabia | Saudi-Arabien | Arabie Saoudite | Arabia Saudita | Saoedi-Arabië | السعودية | KSA | SAU
SA Kingdom of Saudi Arabia
SB Solomon Islands | Solomon-Inseln | Îles Salomon | Islas Salomón | Ilhas Salomão | Isole Solomon
SB Salomonseilanden
SC Seychelles | Seychellen
SD Sudan | Soudan | Sudão | Soedan
SE Sweden | Schweden | Suède | Suecia | Svezia | Zweden | Sverige | SWE
SG Singapore | Singapur | Singapour | Cingapura | SGP
SH St Helena | Saint Helena | Sainte-Hélène | Santa Helena | Sant'Elena | Sint-Helena
SH St Helena, Ascension and Tristan da Cunha
SI Slovenia | Slowenien | Slovénie | Eslovenia | Slovenija | SVN
SJ Svalbard & Jan Mayen | Svalbard und Jan Mayen | Svalbard et Jan Mayen | Svalbard y Jan Mayen
SJ Svalbard e Jan Mayen | Svalbard en Jan Mayen
SK Slovakia | Slowakei | Slovaquie | Eslovaquia | Slovacchia | Slowakije | Slovenská republika | SVK
SK Slovak Republic
SL Sierra Leone | Sierra Leona | Serra Leoa
SM San Marino | Saint-Marin
SN Senegal
SO Somalia | Somalie
SR Suriname | Surinam
SS South Sudan | Südsudan | Sud-Soudan | Sudán del Sur | Sudan del Sud
ST Sao Tome & Principe | Sao Tome und Principe | Sao Tomé et Principe | Santo Tomé y Príncipe
ST São Tomé e Príncipe | Sao Tomé en Principe
SV El Salvador
SX St Maarten (Dutch) | Sint Maarten (Dutch part) | Sint Maarten (Niederländischer Teil)
SX Saint-Martin (partie néerlandaise) | San Martín (región holandesa) | Sint Maarten (parte olandese)
SY Syria | Syrien | Syrie | Siria | Syrian Arab Republic
SZ Eswatini (Swaziland) | Swaziland | Swasiland | Suazilandia | Eswatini
TC Turks & Caicos Is | Turks And Caicos Islands | Turks- und Caicos-Inseln | Îles Turks et Caicos
TC Islas Turcas y Caicos | Ilhas Turks e Caicos | Isole Turks e Caicos | Turks- en Caicoseilanden
TD Chad | Tschad | Tchad | Chade | Ciad | Tsjaad
TF French S. Terr. | French Southern Territories | Französische Südgebiete | Territoires Français du Sud
TF Territorios Franceses del Sur | Territórios Franceses do Sul | Territori Francesi d'Oltremare
TF Franse Gebieden in de zuidelijke Indische Oceaan
TG Togo
TH Thailand | Thaïlande | Tailandia | Thailandia | ประเทศไทย | THA
TJ Tajikistan | Tadschikistan | Tadjikistan | Tayikistán | Tadjiquistão | Tagikistan | Tadzjikistan
TK Tokelau
TL East Timor | Timor-Leste | Timor Oriental | Oost-Timor
TM Turkmenistan | Turcomenistão
TN Tunisia | Tunesien | Tunisie | Túnez | Tunesië | تونس
TO Tonga
TR Turkey | Türkei | Turquie | Turquía | Turchia | Turkije | Türkiye | TUR
TT Trinidad & Tobago | Trinidad und Tobago | Trinité-et-Tobago | Trinidad y Tobago | Trinidad e Tobago
TT Trinidad en Tobago | Trinidad
TV Tuvalu
TW Taiwan | 台湾地区 | Taiwan, Province of China | Taiwan, ROC | TWN
TZ Tanzania | Tansania | Tanzanie | Tanzania, United Republic of
UA Ukraine | Ucrania | Ucraina | Oekraïne | Україна | UKR
UG Uganda | Ouganda | Oeganda
UM US minor outlying islands | United States Minor Outlying Islands | Übrige Inseln im Pazifik der USA
UM Dépendances américaines du Pacifique | Islas menores alejadas de los Estados Unidos
UM Ilhas Menores Distantes dos Estados Unidos | Isole minori lontane degli Stati Uniti
UM Amerikaanse kleinere afgelegen eilanden
US United States | Vereinigte Staaten von Amerika | Etats-Unis | Estados Unidos | Stati Uniti
US Verenigde Staten | U.S.A. | United States of America | America | Amerika | USA (United States)
US États-Unis d'Amérique | EE.UU. | E.U.A. | US of A
UY Uruguay | Uruguai
UZ Uzbekistan | Usbekistan | Ouzbékistan | Uzbequistão | Oezbekistan
VA Vatican City | Vatican | Vatikanstadt | Ciudad del Vaticano | Vaticano | Città del Vaticano
VA Vaticaanstad | Holy See | Vatican City State
VC St Vincent | Saint Vincent And The Grenadines | St. Vincent und die Grenadinen
VC Saint-Vincent-et-les Grenadines | San Vicente y las Granadinas | São Vicente e Granadinas
VC Saint Vincent e Grenadine | Saint Vincent en de Grenadines
VE Venezuela | Venezuela, Bolivarian Republic of | VEN
VG Virgin Islands (UK) | British Virgin Islands | Britische Jungferninseln | Iles Vierges Britanniques
VG Islas Vírgenes Británicas | Ilhas Virgens Britânicas | Isole Vergini (GB) | Britse Maagdeneilanden | BVI
VG Virgin Islands, British
VI Virgin Islands (US) | U.S. Virgin Islands | Amerikanische Jungferninseln | Iles Vierges Américaines
VI Islas Vírgenes Americanas | Ilhas Virgens dos EUA | Isole Vergini (USA) | Amerikaanse Maagdeneilanden
VI USVI
VN Vietnam | Vietnã | Việt Nam | VNM
VU Vanuatu
WF Wallis & Futuna | Wallis und Futuna | Wallis-et-Futuna | Wallis y Futuna | Wallis e Futuna
WF Wallis en Futuna
WS Samoa (western) | Samoa
XK Kosovo
YE Yemen | Jemen | Iêmen
YT Mayotte | Mayotta
ZA South Africa | Südafrika | Afrique du Sud | Sudáfrica | África do Sul | Zuid-Afrika | ZAF | RSA
ZA Suid-Afrika
ZM Zambia | Sambia | Zambie
ZW Zimbabwe | Simbabwe | Zimbabue
"""
