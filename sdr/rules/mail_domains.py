"""Mail domains that are nobody's company, sites that host others' pages, offices' addresses: data for `identity`."""

# Families with a domain in many countries: yahoo.co.uk, hotmail.fr, gmx.at…
_FAMILIES = "aol gmail gmx googlemail hotmail icloud live msn outlook rocketmail yahoo yandex ymail"

_SHARED = """
163.com 126.com 139.com aliyun.com foxmail.com qq.com sina.com sina.cn sohu.com yeah.net
aim.com email.com fastmail.com fastmail.fm hey.com hushmail.com inbox.com lycos.com mac.com mail.com me.com
myyahoo.com netscape.net pm.me proton.me protonmail.ch protonmail.com skiff.com tuta.com tuta.io
tutanota.com tutanota.de zoho.com zohomail.com usa.com post.com consultant.com
att.net bellsouth.net charter.net comcast.net cox.net earthlink.net frontier.com juno.com optonline.net
pacbell.net roadrunner.com rr.com sbcglobal.net verizon.net windstream.net
bell.net cogeco.ca eastlink.ca rogers.com shaw.ca sympatico.ca telus.net videotron.ca
blueyonder.co.uk btinternet.com btopenworld.com ntlworld.com sky.com talktalk.net tiscali.co.uk virgin.net
virginmedia.com
arcor.de email.de freenet.de kabelmail.de mail.de mailbox.org online.de posteo.de posteo.net t-online.de
vodafone.de web.de
aon.at chello.at bluewin.ch hispeed.ch sunrise.ch
aliceadsl.fr bbox.fr club-internet.fr cegetel.net free.fr laposte.net neuf.fr numericable.fr orange.fr sfr.fr
voila.fr wanadoo.fr
alice.it email.it fastwebnet.it inwind.it iol.it libero.it tim.it tin.it tiscali.it virgilio.it
ono.com orange.es telefonica.net terra.es mail.pt sapo.pt netcabo.pt
hetnet.nl home.nl kpnmail.nl planet.nl upcmail.nl xs4all.nl ziggo.nl proximus.be skynet.be telenet.be
bredband.net comhem.se spray.se telia.com online.no mail.dk jubii.dk eircom.net elisanet.fi
interia.pl o2.pl onet.eu onet.pl op.pl poczta.onet.pl tlen.pl wp.pl
centrum.cz email.cz post.cz seznam.cz volny.cz azet.sk centrum.sk zoznam.sk
citromail.hu freemail.hu abv.bg mail.bg otenet.gr in.gr mynet.com
bk.ru inbox.ru internet.ru list.ru mail.ru rambler.ru ya.ru i.ua meta.ua ukr.net
bol.com.br globo.com globomail.com ig.com.br oi.com.br r7.com terra.com.br uol.com.br
prodigy.net.mx fibertel.com.ar
bigpond.com bigpond.net.au iinet.net.au optusnet.com.au xtra.co.nz
rediffmail.com sify.com daum.net hanmail.net naver.com nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp
singnet.com.sg pldtdsl.net walla.co.il mweb.co.za telkomsa.net vodamail.co.za
mailinator.com guerrillamail.com yopmail.com 10minutemail.com temp-mail.org
"""

# A page there is not the company's own site.
_HOSTS = """
facebook.com fb.com instagram.com linkedin.com twitter.com x.com youtube.com tiktok.com pinterest.com xing.com
google.com goo.gl bit.ly linktr.ee wixsite.com weebly.com wordpress.com blogspot.com medium.com github.com
yelp.com crunchbase.com amazon.com etsy.com ebay.com wikipedia.org
"""

# Before the @: an office, not a person (RFC 2142 and what companies put on their sites).
_OFFICES = """
info sales office contact hello mail email post team support service help helpdesk admin administration reception
enquiries inquiries enquiry inquiry welcome general marketing press media billing accounts accounting invoices finance
orders order purchasing procurement hr jobs careers customerservice webmaster postmaster hostmaster noreply no-reply
kontakt verkauf vertrieb buero empfang einkauf rechnung contacto ventas compras administracion comercial oficina
contato vendas compras bonjour accueil commercial direction secretariat achats contatti vendite segreteria ufficio
amministrazione verkoop inkoop biuro sprzedaz
"""

FAMILIES = frozenset(_FAMILIES.split())
SHARED = frozenset(_SHARED.split())
HOSTS = frozenset(_HOSTS.split())
OFFICES = frozenset(_OFFICES.split())
