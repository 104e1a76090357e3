"""Which time zone a country, a state or a big city keeps: data for `places`, from the tz database's zone.tab.

A state that two zones share stands under both, the one most of its people live by first. Spellings are those
of files: the state's code, then its name.
"""

# Each country's zone, or the one most of its people live by.
COUNTRIES = """
AD=Europe/Andorra AE=Asia/Dubai AF=Asia/Kabul AG=America/Antigua AI=America/Anguilla AL=Europe/Tirane
AM=Asia/Yerevan AO=Africa/Luanda AQ=Antarctica/McMurdo AR=America/Argentina/Buenos_Aires
AS=Pacific/Pago_Pago AT=Europe/Vienna AU=Australia/Sydney AW=America/Aruba AX=Europe/Mariehamn AZ=Asia/Baku
BA=Europe/Sarajevo BB=America/Barbados BD=Asia/Dhaka BE=Europe/Brussels BF=Africa/Ouagadougou
BG=Europe/Sofia BH=Asia/Bahrain BI=Africa/Bujumbura BJ=Africa/Porto-Novo BL=America/St_Barthelemy
BM=Atlantic/Bermuda BN=Asia/Brunei BO=America/La_Paz BQ=America/Kralendijk BR=America/Sao_Paulo
BS=America/Nassau BT=Asia/Thimphu BW=Africa/Gaborone BY=Europe/Minsk BZ=America/Belize CA=America/Toronto
CC=Indian/Cocos CD=Africa/Kinshasa CF=Africa/Bangui CG=Africa/Brazzaville CH=Europe/Zurich CI=Africa/Abidjan
CK=Pacific/Rarotonga CL=America/Santiago CM=Africa/Douala CN=Asia/Shanghai CO=America/Bogota
CR=America/Costa_Rica CU=America/Havana CV=Atlantic/Cape_Verde CW=America/Curacao CX=Indian/Christmas
CY=Asia/Nicosia CZ=Europe/Prague DE=Europe/Berlin DJ=Africa/Djibouti DK=Europe/Copenhagen
DM=America/Dominica DO=America/Santo_Domingo DZ=Africa/Algiers EC=America/Guayaquil EE=Europe/Tallinn
EG=Africa/Cairo EH=Africa/El_Aaiun ER=Africa/Asmara ES=Europe/Madrid ET=Africa/Addis_Ababa
FI=Europe/Helsinki FJ=Pacific/Fiji FK=Atlantic/Stanley FM=Pacific/Pohnpei FO=Atlantic/Faroe FR=Europe/Paris
GA=Africa/Libreville GB=Europe/London GD=America/Grenada GE=Asia/Tbilisi GF=America/Cayenne
GG=Europe/Guernsey GH=Africa/Accra GI=Europe/Gibraltar GL=America/Nuuk GM=Africa/Banjul GN=Africa/Conakry
GP=America/Guadeloupe GQ=Africa/Malabo GR=Europe/Athens GS=Atlantic/South_Georgia GT=America/Guatemala
GU=Pacific/Guam GW=Africa/Bissau GY=America/Guyana HK=Asia/Hong_Kong HN=America/Tegucigalpa HR=Europe/Zagreb
HT=America/Port-au-Prince HU=Europe/Budapest ID=Asia/Jakarta IE=Europe/Dublin IL=Asia/Jerusalem
IM=Europe/Isle_of_Man IN=Asia/Kolkata IO=Indian/Chagos IQ=Asia/Baghdad IR=Asia/Tehran IS=Atlantic/Reykjavik
IT=Europe/Rome JE=Europe/Jersey JM=America/Jamaica JO=Asia/Amman JP=Asia/Tokyo KE=Africa/Nairobi
KG=Asia/Bishkek KH=Asia/Phnom_Penh KI=Pacific/Tarawa KM=Indian/Comoro KN=America/St_Kitts KP=Asia/Pyongyang
KR=Asia/Seoul KW=Asia/Kuwait KY=America/Cayman KZ=Asia/Almaty LA=Asia/Vientiane LB=Asia/Beirut
LC=America/St_Lucia LI=Europe/Vaduz LK=Asia/Colombo LR=Africa/Monrovia LS=Africa/Maseru LT=Europe/Vilnius
LU=Europe/Luxembourg LV=Europe/Riga LY=Africa/Tripoli MA=Africa/Casablanca MC=Europe/Monaco
MD=Europe/Chisinau ME=Europe/Podgorica MF=America/Marigot MG=Indian/Antananarivo MH=Pacific/Majuro
MK=Europe/Skopje ML=Africa/Bamako MM=Asia/Yangon MN=Asia/Ulaanbaatar MO=Asia/Macau MP=Pacific/Saipan
MQ=America/Martinique MR=Africa/Nouakchott MS=America/Montserrat MT=Europe/Malta MU=Indian/Mauritius
MV=Indian/Maldives MW=Africa/Blantyre MX=America/Mexico_City MY=Asia/Kuala_Lumpur MZ=Africa/Maputo
NA=Africa/Windhoek NC=Pacific/Noumea NE=Africa/Niamey NF=Pacific/Norfolk NG=Africa/Lagos NI=America/Managua
NL=Europe/Amsterdam NO=Europe/Oslo NP=Asia/Kathmandu NR=Pacific/Nauru NU=Pacific/Niue NZ=Pacific/Auckland
OM=Asia/Muscat PA=America/Panama PE=America/Lima PF=Pacific/Tahiti PG=Pacific/Port_Moresby PH=Asia/Manila
PK=Asia/Karachi PL=Europe/Warsaw PM=America/Miquelon PN=Pacific/Pitcairn PR=America/Puerto_Rico PS=Asia/Gaza
PT=Europe/Lisbon PW=Pacific/Palau PY=America/Asuncion QA=Asia/Qatar RE=Indian/Reunion RO=Europe/Bucharest
RS=Europe/Belgrade RU=Europe/Moscow RW=Africa/Kigali SA=Asia/Riyadh SB=Pacific/Guadalcanal SC=Indian/Mahe
SD=Africa/Khartoum SE=Europe/Stockholm SG=Asia/Singapore SH=Atlantic/St_Helena SI=Europe/Ljubljana
SJ=Arctic/Longyearbyen SK=Europe/Bratislava SL=Africa/Freetown SM=Europe/San_Marino SN=Africa/Dakar
SO=Africa/Mogadishu SR=America/Paramaribo SS=Africa/Juba ST=Africa/Sao_Tome SV=America/El_Salvador
SX=America/Lower_Princes SY=Asia/Damascus SZ=Africa/Mbabane TC=America/Grand_Turk TD=Africa/Ndjamena
TF=Indian/Kerguelen TG=Africa/Lome TH=Asia/Bangkok TJ=Asia/Dushanbe TK=Pacific/Fakaofo TL=Asia/Dili
TM=Asia/Ashgabat TN=Africa/Tunis TO=Pacific/Tongatapu TR=Europe/Istanbul TT=America/Port_of_Spain
TV=Pacific/Funafuti TW=Asia/Taipei TZ=Africa/Dar_es_Salaam UA=Europe/Kyiv UG=Africa/Kampala UM=Pacific/Wake
US=America/New_York UY=America/Montevideo UZ=Asia/Tashkent VA=Europe/Vatican VC=America/St_Vincent
VE=America/Caracas VG=America/Tortola VI=America/St_Thomas VN=Asia/Ho_Chi_Minh VU=Pacific/Efate
WF=Pacific/Wallis WS=Pacific/Apia XK=Europe/Belgrade YE=Asia/Aden YT=Indian/Mayotte ZA=Africa/Johannesburg
ZM=Africa/Lusaka ZW=Africa/Harare
"""

# Where the country alone does not tell the zone.
WIDE = frozenset({"AQ", "AU", "BR", "CA", "CD", "FM", "GL", "ID", "KI", "KZ", "MN", "MX", "PF", "RU", "UM", "US"})

# country, zone: CODE Name, CODE Name…
REGIONS = """
US America/New_York: CT Connecticut, DE Delaware, DC District of Columbia, FL Florida, GA Georgia, IN Indiana
US America/New_York: KY Kentucky, ME Maine, MD Maryland, MA Massachusetts, MI Michigan, NH New Hampshire
US America/New_York: NJ New Jersey, NY New York, NC North Carolina, OH Ohio, PA Pennsylvania, RI Rhode Island
US America/New_York: SC South Carolina, VT Vermont, VA Virginia, WV West Virginia, DC Washington DC
US America/Chicago: AL Alabama, AR Arkansas, IL Illinois, IA Iowa, KS Kansas, LA Louisiana, MN Minnesota
US America/Chicago: MS Mississippi, MO Missouri, NE Nebraska, ND North Dakota, OK Oklahoma, SD South Dakota
US America/Chicago: TN Tennessee, TX Texas, WI Wisconsin
US America/Denver: CO Colorado, ID Idaho, MT Montana, NM New Mexico, UT Utah, WY Wyoming
US America/Phoenix: AZ Arizona
US America/Los_Angeles: CA California, NV Nevada, OR Oregon, WA Washington
US America/Anchorage: AK Alaska
US Pacific/Honolulu: HI Hawaii
US America/Puerto_Rico: PR Puerto Rico
US America/New_York: TN Tennessee
US America/Chicago: FL Florida, IN Indiana, KY Kentucky, MI Michigan
US America/Denver: KS Kansas, NE Nebraska, ND North Dakota, SD South Dakota, TX Texas, OR Oregon, NV Nevada
US America/Denver: AZ Arizona
US America/Los_Angeles: ID Idaho
US America/Adak: AK Alaska
CA America/Toronto: ON Ontario, QC Quebec, QC Québec
CA America/Winnipeg: MB Manitoba, ON Ontario, NU Nunavut
CA America/Regina: SK Saskatchewan
CA America/Edmonton: AB Alberta, NT Northwest Territories, SK Saskatchewan
CA America/Vancouver: BC British Columbia
CA America/Edmonton: BC British Columbia
CA America/Whitehorse: YT Yukon
CA America/Halifax: NS Nova Scotia, NB New Brunswick, PE Prince Edward Island
CA America/St_Johns: NL Newfoundland and Labrador, NL Newfoundland
CA America/Goose_Bay: NL Newfoundland and Labrador
CA America/Iqaluit: NU Nunavut
AU Australia/Sydney: NSW New South Wales, ACT Australian Capital Territory
AU Australia/Melbourne: VIC Victoria
AU Australia/Brisbane: QLD Queensland
AU Australia/Adelaide: SA South Australia
AU Australia/Darwin: NT Northern Territory
AU Australia/Perth: WA Western Australia
AU Australia/Hobart: TAS Tasmania
AU Australia/Broken_Hill: NSW New South Wales
BR America/Sao_Paulo: SP São Paulo, RJ Rio de Janeiro, MG Minas Gerais, ES Espírito Santo, PR Paraná
BR America/Sao_Paulo: SC Santa Catarina, RS Rio Grande do Sul, GO Goiás, DF Distrito Federal
BR America/Bahia: BA Bahia
BR America/Recife: PE Pernambuco
BR America/Fortaleza: CE Ceará, MA Maranhão, PB Paraíba, PI Piauí, RN Rio Grande do Norte
BR America/Maceio: AL Alagoas, SE Sergipe
BR America/Araguaina: TO Tocantins
BR America/Belem: PA Pará, AP Amapá
BR America/Manaus: AM Amazonas
BR America/Cuiaba: MT Mato Grosso
BR America/Campo_Grande: MS Mato Grosso do Sul
BR America/Porto_Velho: RO Rondônia
BR America/Boa_Vista: RR Roraima
BR America/Rio_Branco: AC Acre, AM Amazonas
MX America/Mexico_City: CDMX Ciudad de México, MEX Estado de México, JAL Jalisco, NLE Nuevo León, PUE Puebla
MX America/Mexico_City: QRO Querétaro, GTO Guanajuato, VER Veracruz, YUC Yucatán, COA Coahuila, SLP San Luis Potosí
MX America/Tijuana: BCN Baja California
MX America/Mazatlan: BCS Baja California Sur, SIN Sinaloa, NAY Nayarit
MX America/Hermosillo: SON Sonora
MX America/Chihuahua: CHH Chihuahua
MX America/Ciudad_Juarez: CHH Chihuahua
MX America/Cancun: ROO Quintana Roo
ES Atlantic/Canary: CN Canarias, CN Canary Islands, GC Las Palmas, TF Santa Cruz de Tenerife
PT Atlantic/Azores: AZ Azores, AZ Açores
PT Atlantic/Madeira: MA Madeira
EC Pacific/Galapagos: GAL Galápagos
"""

# country, zone: big cities; the first country to name a city has it when the country is not known.
CITIES = """
GB Europe/London: London, Manchester, Birmingham, Leeds, Glasgow, Edinburgh, Bristol, Liverpool, Cardiff, Belfast
US America/New_York: New York, New York City, NYC, Boston, Philadelphia, Washington, Atlanta, Miami, Orlando
US America/New_York: Tampa, Charlotte, Raleigh, Pittsburgh, Baltimore, Cleveland, Columbus, Cincinnati, Brooklyn
US America/New_York: Detroit, Buffalo, Jacksonville, Richmond, Indianapolis, Louisville, Newark, Hartford
US America/Chicago: Chicago, Houston, Dallas, Austin, San Antonio, Fort Worth, Minneapolis, Milwaukee, St. Louis
US America/Chicago: Kansas City, New Orleans, Nashville, Memphis, Oklahoma City, Omaha, Tulsa, Pensacola
US America/Denver: Denver, Salt Lake City, Albuquerque, Boise, Colorado Springs, El Paso, Boulder
US America/Phoenix: Phoenix, Tucson, Scottsdale
US America/Los_Angeles: Los Angeles, San Francisco, San Diego, San Jose, Seattle, Portland, Las Vegas
US America/Los_Angeles: Sacramento, Oakland, Palo Alto, Mountain View, Irvine, Reno, Spokane
US America/Anchorage: Anchorage
US Pacific/Honolulu: Honolulu
CA America/Toronto: Toronto, Montreal, Ottawa, Quebec City, Mississauga, Waterloo, London
CA America/Winnipeg: Winnipeg
CA America/Edmonton: Calgary, Edmonton
CA America/Vancouver: Vancouver, Victoria, Burnaby
CA America/Halifax: Halifax
CA America/Regina: Regina, Saskatoon
AU Australia/Sydney: Sydney, Canberra
AU Australia/Melbourne: Melbourne, Geelong
AU Australia/Brisbane: Brisbane, Gold Coast
AU Australia/Perth: Perth
AU Australia/Adelaide: Adelaide
AU Australia/Hobart: Hobart
AU Australia/Darwin: Darwin
BR America/Sao_Paulo: São Paulo, Rio de Janeiro, Belo Horizonte, Brasília, Curitiba, Porto Alegre, Campinas
BR America/Bahia: Salvador
BR America/Recife: Recife
BR America/Fortaleza: Fortaleza
BR America/Manaus: Manaus
MX America/Mexico_City: Mexico City, Ciudad de México, Guadalajara, Monterrey, Puebla, Querétaro
MX America/Tijuana: Tijuana
MX America/Cancun: Cancún
RU Europe/Moscow: Moscow, Moskva, Москва, Saint Petersburg, St Petersburg, Санкт-Петербург, Kazan
RU Asia/Yekaterinburg: Yekaterinburg, Екатеринбург
RU Asia/Novosibirsk: Novosibirsk, Новосибирск
RU Asia/Vladivostok: Vladivostok
ID Asia/Jakarta: Jakarta, Surabaya, Bandung
ID Asia/Makassar: Denpasar, Makassar
KZ Asia/Almaty: Almaty, Astana
CD Africa/Kinshasa: Kinshasa
CD Africa/Lubumbashi: Lubumbashi
ES Atlantic/Canary: Las Palmas de Gran Canaria, Las Palmas, Santa Cruz de Tenerife, Arrecife
PT Atlantic/Azores: Ponta Delgada
PT Atlantic/Madeira: Funchal
IE Europe/Dublin: Dublin, Cork
FR Europe/Paris: Paris, Lyon, Marseille, Toulouse, Lille, Nantes, Bordeaux, Strasbourg
DE Europe/Berlin: Berlin, Hamburg, Munich, München, Cologne, Köln, Frankfurt, Frankfurt am Main, Stuttgart
DE Europe/Berlin: Düsseldorf, Hannover, Hanover, Leipzig, Nürnberg, Bremen
ES Europe/Madrid: Madrid, Barcelona, Valencia, Sevilla, Seville, Bilbao, Málaga, Zaragoza
IT Europe/Rome: Rome, Roma, Milan, Milano, Turin, Torino, Bologna, Naples, Napoli
NL Europe/Amsterdam: Amsterdam, Rotterdam, Utrecht, The Hague, Den Haag, Eindhoven
BE Europe/Brussels: Brussels, Bruxelles, Brussel, Antwerp, Antwerpen, Ghent, Gent
CH Europe/Zurich: Zurich, Zürich, Geneva, Genève, Basel, Bern, Lausanne
AT Europe/Vienna: Vienna, Wien, Graz, Linz
PT Europe/Lisbon: Lisbon, Lisboa, Porto
PL Europe/Warsaw: Warsaw, Warszawa, Kraków, Wrocław, Gdańsk, Poznań, Łódź
CZ Europe/Prague: Prague, Praha, Brno
HU Europe/Budapest: Budapest
RO Europe/Bucharest: Bucharest, București
SE Europe/Stockholm: Stockholm, Göteborg, Gothenburg, Malmö
NO Europe/Oslo: Oslo, Bergen
DK Europe/Copenhagen: Copenhagen, København, Aarhus
FI Europe/Helsinki: Helsinki, Espoo, Tampere
GR Europe/Athens: Athens, Thessaloniki
TR Europe/Istanbul: Istanbul, Ankara, Izmir
UA Europe/Kyiv: Kyiv, Kiev, Lviv
IL Asia/Jerusalem: Tel Aviv, Jerusalem, Haifa
AE Asia/Dubai: Dubai, Abu Dhabi
SA Asia/Riyadh: Riyadh, Jeddah
QA Asia/Qatar: Doha
EG Africa/Cairo: Cairo
MA Africa/Casablanca: Casablanca, Rabat
NG Africa/Lagos: Lagos, Abuja
KE Africa/Nairobi: Nairobi
ZA Africa/Johannesburg: Johannesburg, Cape Town, Durban, Pretoria
IN Asia/Kolkata: Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, Kolkata
SG Asia/Singapore: Singapore
MY Asia/Kuala_Lumpur: Kuala Lumpur
TH Asia/Bangkok: Bangkok
VN Asia/Ho_Chi_Minh: Ho Chi Minh City, Hanoi, Saigon
PH Asia/Manila: Manila, Makati
HK Asia/Hong_Kong: Hong Kong
CN Asia/Shanghai: Shanghai, Beijing, Shenzhen, Guangzhou, Chengdu, Hangzhou
TW Asia/Taipei: Taipei
KR Asia/Seoul: Seoul, Busan
JP Asia/Tokyo: Tokyo, Osaka, Kyoto, Nagoya, Yokohama, Fukuoka
NZ Pacific/Auckland: Auckland, Wellington, Christchurch
AR America/Argentina/Buenos_Aires: Buenos Aires, Rosario, Córdoba
CL America/Santiago: Santiago, Santiago de Chile
CO America/Bogota: Bogotá, Medellín, Cali
PE America/Lima: Lima
UY America/Montevideo: Montevideo
PR America/Puerto_Rico: San Juan
"""

# Names of zones that people, mail programs and older tables use.
ALIASES = """
America/New_York: EST EDT ET Eastern US/Eastern America/Montreal
America/Chicago: CST CDT CT Central US/Central
America/Denver: MST MDT MT Mountain US/Mountain
America/Los_Angeles: PST PDT PT Pacific US/Pacific
America/Phoenix: US/Arizona
America/Anchorage: AKST AKDT US/Alaska
Pacific/Honolulu: HST US/Hawaii
Europe/London: BST GB Europe/Belfast
Europe/Berlin: CET CEST MEZ MESZ
Europe/Athens: EET EEST
Europe/Lisbon: WET WEST
Europe/Moscow: MSK
Europe/Kyiv: Europe/Kiev
Asia/Kolkata: Asia/Calcutta
Asia/Kathmandu: Asia/Katmandu
Asia/Yangon: Asia/Rangoon
Asia/Ho_Chi_Minh: Asia/Saigon
Asia/Ulaanbaatar: Asia/Choibalsan
Asia/Tokyo: JST
Asia/Shanghai: PRC
Asia/Hong_Kong: HKT
Asia/Singapore: SGT
Australia/Sydney: AEST AEDT
Australia/Perth: AWST
Pacific/Auckland: NZST NZDT
America/Sao_Paulo: BRT
America/Argentina/Buenos_Aires: America/Buenos_Aires
America/Nuuk: America/Godthab
Atlantic/Faroe: Atlantic/Faeroe
Africa/Asmara: Africa/Asmera
Pacific/Kanton: Pacific/Enderbury
Pacific/Pohnpei: Pacific/Ponape
Pacific/Chuuk: Pacific/Truk
UTC: GMT Z Etc/UTC Etc/GMT
"""
