/** What several words mean: `from > to`. */
export const phrases = `
woran liegt es dass > warum | woran liegt > warum | vereinigte staaten > usa | vereinigten staaten > usa |
deutschlands > deutschland | aus welchem grund > warum | was ist der grund > warum |
was sind die gründe > warum | wieso > warum | weshalb > warum | wie kommt es > warum | in welchem jahr > wann |
welches jahr > wann | um wie viel uhr > wann | um wieviel uhr > wann | zu welcher uhrzeit > wann |
an welchem tag > wann | in welchem land > wo | in welcher stadt > wo | an welchem ort > wo |
wieviel > wie viel | wieviele > wie viele | was kostet > wie viel kostet | was kosten > wie viel kostet |
was ist der preis > wie viel kostet | was ist der unterschied > unterschied |
worin unterscheiden > unterschied | worin unterscheidet > unterschied |
worin besteht der unterschied > unterschied | wie unterscheiden > unterschied | unterscheiden > unterschied |
unterscheidet > unterschied | unterschiede > unterschied | ein wort > 1 wort | einem wort > 1 wort |
ein satz > 1 satz | einem satz > 1 satz | e-mail > email | usa > vereinigte staaten | brd > deutschland |
wlan > wifi | wie sagt man > übersetzen | handy > telefon | handyvertrag > mobilfunkvertrag |
woran liegt das > warum | wodurch unterscheiden > unterschied | wodurch unterscheidet > unterschied |
ist es erlaubt > darf | ist es möglich > kann | wie hoch ist die einwohnerzahl > wie viele einwohner |
in welchen abständen > wie oft | ergibt > ist | was hilft gegen > wie behandeln |
was hilft bei > wie behandeln | was kann ich gegen > wie behandeln | was tun bei > wie behandeln |
was tun gegen > wie behandeln | was kann ich tun wenn ich > wie behandeln |
was kann ich tun, wenn ich > wie behandeln | was sind die öffnungszeiten > wann geöffnet |
wie sind die öffnungszeiten > wann geöffnet | aus welchen gründen > warum |
was ist der grund dafür dass > warum | was ist der grund dass > warum | was ist der grund weshalb > warum |
was ist der grund warum > warum | woran liegt das dass > warum | woran liegt's dass > warum |
woran kann es liegen dass > warum | wie kommt es dass > warum | wie kommt's dass > warum |
was führt dazu dass > warum | was bewirkt dass > warum | was sorgt dafür dass > warum |
wozu ist es gut > warum | was sind die gründe dafür dass > warum |
was ist der grund für > was ist die ursache für | was sind die gründe für > was sind die ursachen für |
welche gründe gibt es für > was sind die ursachen für |
was sind mögliche ursachen für > was sind die ursachen für | was ist die ursache von > was ist die ursache für |
wovon kommen > was ist die ursache für | wovon kommt > was ist die ursache für |
wodurch entstehen > was ist die ursache für | wodurch entsteht > was ist die ursache für |
was verursacht > was ist die ursache für | was muss ich tun um > wie kann ich |
was muss ich tun damit > wie kann ich | was muss ich machen um > wie kann ich |
was muss ich machen damit > wie kann ich | was muss man tun um > wie kann ich |
was muss man machen um > wie kann ich | was habe ich zu tun um > wie kann ich |
was soll ich tun um > wie kann ich | was kann ich tun um > wie kann ich |
was kann ich machen um > wie kann ich | was kann man tun um > wie kann ich |
was sollte ich tun um > wie kann ich | was tue ich um > wie kann ich | wie muss ich vorgehen um > wie kann ich |
wie gehe ich vor um > wie kann ich | wie gehe ich am besten vor um > wie kann ich |
wie geht man vor um > wie kann ich | wie stelle ich es an > wie kann ich | wie stellt man es an > wie kann ich |
wie schaffe ich es > wie kann ich | wie schafft man es > wie kann ich | wie bekomme ich es hin > wie kann ich |
wie kriege ich es hin > wie kann ich | wie kriegt man es hin > wie kann ich |
wie bringe ich es fertig > wie kann ich | wie gelingt es mir > wie kann ich | wie gelingt es > wie kann ich |
wie ist es möglich > wie kann ich | wie kann man > wie kann ich | wie muss man > wie muss ich |
wie könnte ich > wie kann ich | wie könnte man > wie kann ich | wie lässt sich > wie kann ich |
wie lassen sich > wie kann ich | auf welche weise kann ich > wie kann ich |
auf welche weise kann man > wie kann ich | auf welche weise > wie | auf welche art > wie |
auf welche art und weise > wie | auf welchem weg > wie | auf welchem wege > wie | in welcher weise > wie |
was ist der beste weg um > wie kann ich am besten | was ist der beste weg > wie kann ich am besten |
was ist die beste methode um > wie kann ich am besten | was ist die beste methode > wie kann ich am besten |
was ist die beste art > wie kann ich am besten | was ist die beste möglichkeit um > wie kann ich am besten |
was ist die beste möglichkeit > wie kann ich am besten | welches ist der beste weg > wie kann ich am besten |
welcher ist der beste weg > wie kann ich am besten | wie ist es am besten > wie kann ich am besten |
gibt es eine möglichkeit > kann ich | gibt es irgendeine möglichkeit > kann ich |
gibt es die möglichkeit > kann ich | gibt es einen weg > kann ich | besteht die möglichkeit > kann ich |
welche möglichkeiten gibt es > wie kann ich | welche möglichkeiten habe ich > wie kann ich |
welche möglichkeit gibt es > wie kann ich | mit welchem befehl kann ich > wie kann ich |
mit welchem befehl > wie | mit welcher methode > wie | ist es möglich > kann ich |
ist es mir möglich > kann ich | wäre es möglich > kann ich | ist es machbar > kann ich |
geht es dass > kann ich | ist es okay > darf ich | ist es in ordnung > darf ich | ist es ok > darf ich |
ist es erlaubt > darf ich | ist es gestattet > darf ich | ist es zulässig > darf ich |
ist es mir erlaubt > darf ich | habe ich das recht > darf ich | bin ich berechtigt > darf ich |
darf man > darf ich | kann man > kann ich | muss man > muss ich | soll man > soll ich |
sollte man > sollte ich | bin ich verpflichtet > muss ich | bin ich dazu verpflichtet > muss ich |
ist man verpflichtet > muss ich | ist es notwendig > muss ich | ist es nötig > muss ich |
ist es erforderlich > muss ich | ist es pflicht > muss ich | muss es sein dass > muss ich |
ist es sinnvoll > sollte ich | ist es ratsam > sollte ich | ist es empfehlenswert > sollte ich |
ist es besser wenn ich > sollte ich | was passiert wenn > was geschieht wenn |
was geschieht falls > was geschieht wenn | was ist wenn > was geschieht wenn |
was wäre wenn > was geschieht wenn | was bedeutet > bedeutung | was heißt > bedeutung | was heisst > bedeutung |
was versteht man unter > bedeutung | was verstehen wir unter > bedeutung | was meint man mit > bedeutung |
was ist gemeint mit > bedeutung | was ist mit gemeint > bedeutung | was bezeichnet man als > bedeutung |
was bezeichnet der begriff > bedeutung | was soll das heißen > bedeutung |
wie lautet die bedeutung von > bedeutung | wie lautet die definition von > bedeutung |
wie ist definiert > bedeutung | was ist die bedeutung von > bedeutung | was ist die definition von > bedeutung |
welche bedeutung hat > bedeutung | wofür steht > bedeutung | wofür steht die abkürzung > bedeutung |
was besagt > bedeutung | was ist der unterschied zwischen > unterschied |
was sind die unterschiede zwischen > unterschied | was ist die differenz zwischen > unterschied |
worin unterscheiden sich > unterschied | worin unterscheidet sich > unterschied |
wodurch unterscheiden sich > unterschied | wodurch unterscheidet sich > unterschied |
inwiefern unterscheiden sich > unterschied | wie unterscheiden sich > unterschied |
wie unterscheidet sich > unterschied | worin besteht der unterschied zwischen > unterschied |
worin liegt der unterschied zwischen > unterschied | welchen unterschied gibt es zwischen > unterschied |
welcher unterschied besteht zwischen > unterschied | gibt es einen unterschied zwischen > unterschied |
wie hoch ist der preis > kosten | wie hoch ist der preis von > kosten | wie hoch ist der preis für > kosten |
wie hoch sind die kosten > kosten | wie hoch sind die kosten für > kosten | was kostet > kosten |
was kosten > kosten | wie teuer ist > kosten | wie teuer sind > kosten | was muss ich bezahlen für > kosten |
was muss ich zahlen für > kosten | welche anzahl an > wie viele | welche anzahl von > wie viele |
wie groß ist die anzahl der > wie viele | wie groß ist die anzahl von > wie viele |
wie hoch ist die anzahl der > wie viele | wie hoch ist die anzahl von > wie viele |
was ist die anzahl der > wie viele | welche menge an > wie viel | welche menge > wie viel |
wie groß ist die menge an > wie viel | wie groß ist > größe | wie groß sind > größe |
was ist die größe von > größe | wie lang ist > länge | wie lang sind > länge | wie breit ist > breite |
wie tief ist > tiefe | wie dick ist > dicke | wie schwer ist > gewicht | wie schwer sind > gewicht |
was wiegt > gewicht | was wiegen > gewicht | welches gewicht hat > gewicht | wie alt ist > alter |
wie alt sind > alter | wie alt war > alter | wie alt werden > lebenserwartung |
wie alt kann werden > lebenserwartung | welches alter hat > alter | in welchem alter > wie alt |
mit welchem alter > wie alt | ab welchem alter > ab wann | wie weit ist es > entfernung |
wie weit ist > entfernung | wie weit entfernt ist > entfernung | wie groß ist die entfernung > entfernung |
wie groß ist der abstand > entfernung | was ist die dauer von > dauer |
wie hoch ist die einwohnerzahl von > einwohnerzahl | wie groß ist die bevölkerung von > einwohnerzahl |
wie heiß ist > temperatur | wie warm ist > temperatur | wie kalt ist > temperatur | wie spät ist es > uhrzeit |
zu welcher zeit > wann | zu welchem zeitpunkt > wann | an welchem datum > wann | seit welchem jahr > seit wann |
ab welchem zeitpunkt > ab wann | ab welchem datum > ab wann | bis zu welchem zeitpunkt > bis wann |
bis zu welchem datum > bis wann | an welcher stelle > wo | an welchen orten > wo | aus welchem land > woher |
aus welcher stadt > woher | in welche richtung > wohin | an welchen ort > wohin | wo befindet sich > wo ist |
wo befinden sich > wo sind | wo liegt > wo ist | wo liegen > wo sind | welche person hat > wer |
welche person > wer | von welcher person > von wem | von wem stammt > wer schuf |
von wem wurde erfunden > erfinder | von wem stammt das buch > autor | von wem ist das buch > autor |
führte regie > regisseur | regie geführt > regisseur | wie lautet die hauptstadt von > hauptstadt |
was ist die hauptstadt von > hauptstadt | wie heißt die hauptstadt von > hauptstadt |
welche stadt ist die hauptstadt von > hauptstadt | mit welchem geld bezahlt man in > währung |
welche sprache spricht man in > sprache | welche sprache wird gesprochen in > sprache |
ums leben gekommen > gestorben | ums leben kommen > sterben | kam ums leben > starb |
aus dem leben geschieden > gestorben | verstorben ist > gestorben ist | zur welt gekommen > geboren |
zur welt kommen > geboren werden | kam zur welt > geboren | das licht der welt erblickt > geboren |
ein kind erwarten > schwanger | ein baby erwarten > schwanger | in anderen umständen > schwanger |
loswerden kann > entfernen kann | wie werde ich los > wie entferne ich | wie wird man los > wie entferne ich |
wie bekomme ich weg > wie entferne ich | wie kriege ich weg > wie entferne ich |
wie bekomme ich raus > wie entferne ich | wie kriege ich raus > wie entferne ich |
wie bekomme ich heraus > wie entferne ich | weg bekommen > entfernen | weg kriegen > entfernen |
weg machen > entfernen | wegbekommen > entfernen | wegkriegen > entfernen | wegmachen > entfernen |
loswerden > entfernen | los werden > entfernen | herauslösen > entfernen | was hilft gegen > was tun gegen |
was hilft bei > was tun gegen | was hilft am besten gegen > was tun gegen |
was kann ich tun gegen > was tun gegen | was kann ich gegen tun > was tun gegen |
was kann ich machen gegen > was tun gegen | was kann man gegen > was tun gegen |
was kann man tun gegen > was tun gegen | was tut man gegen > was tun gegen |
was mache ich gegen > was tun gegen | was mache ich bei > was tun gegen | was macht man gegen > was tun gegen |
was macht man bei > was tun gegen | was tun bei > was tun gegen | was ist gut gegen > was tun gegen |
was ist gut bei > was tun gegen | wie behandelt man > behandlung | wie behandle ich > behandlung |
wie wird behandelt > behandlung | wie kann ich behandeln > behandlung | mittel gegen > was tun gegen |
hausmittel bei > hausmittel gegen | tabletten gegen > medikament gegen | wie äußert sich > symptome |
wie macht sich bemerkbar > symptome | was sind die anzeichen für > symptome |
was sind die anzeichen von > symptome | was sind die symptome von > symptome | welche symptome hat > symptome |
welche anzeichen gibt es für > symptome | blutdruck zu hoch > bluthochdruck |
zu hoher blutdruck > bluthochdruck | hoher blutdruck > bluthochdruck | hohen blutdruck > bluthochdruck |
zu niedriger blutdruck > niedriger blutdruck | mir ist schlecht > übelkeit | mir ist übel > übelkeit |
mir ist schwindelig > schwindel | mir tut der kopf weh > kopfschmerzen | kopf tut weh > kopfschmerzen |
bauch tut weh > bauchschmerzen | rücken tut weh > rückenschmerzen | hals tut weh > halsschmerzen |
zahn tut weh > zahnschmerzen | gewicht verlieren > abnehmen | gewicht reduzieren > abnehmen |
gewicht zunehmen > zunehmen | an gewicht verlieren > abnehmen | kilos verlieren > abnehmen |
mit dem rauchen aufhören > rauchen aufhören | das rauchen aufgeben > rauchen aufhören |
aufhören zu rauchen > rauchen aufhören | das rauchen abgewöhnen > rauchen aufhören |
sport treiben > trainieren | sport machen > trainieren | zum arzt gehen > arzt | einen arzt aufsuchen > arzt |
einen termin ausmachen > termin vereinbaren | einen termin machen > termin vereinbaren |
zur verfügung stehen > verfügbar | zur verfügung steht > verfügbar | zur verfügung stellen > bereitstellen |
in der lage sein > können | imstande sein > können | in der lage > können | so schnell wie möglich > schnell |
so schnell es geht > schnell | schnellstmöglich > schnell | möglichst schnell > schnell |
auf die schnelle > schnell | im handumdrehen > schnell | so bald wie möglich > bald |
ohne großen aufwand > einfach | auf einfache weise > einfach | auf einfachem weg > einfach |
am leichtesten > am einfachsten | auf dem einfachsten weg > am einfachsten |
was ist der einfachste weg > wie am einfachsten | was ist der schnellste weg > wie am schnellsten |
von hand > manuell | per hand > manuell | mit der hand > manuell | zur gleichen zeit > gleichzeitig |
zur selben zeit > gleichzeitig | auf der stelle > sofort | im moment > momentan | zur zeit > derzeit |
zurzeit > derzeit | in diesem moment > jetzt | heute zu tage > heutzutage | in der regel > normalerweise |
im allgemeinen > normalerweise | für gewöhnlich > normalerweise | im normalfall > normalerweise |
ab und zu > manchmal | hin und wieder > manchmal | von zeit zu zeit > manchmal | immer wieder > ständig |
die ganze zeit > ständig | am laufenden band > ständig | in zukunft > künftig | auf dauer > dauerhaft |
für immer > dauerhaft | auf lange sicht > langfristig | in der nacht > nachts | am morgen > morgens |
am abend > abends | jeden tag > täglich | pro tag > täglich | jede woche > wöchentlich |
pro woche > wöchentlich | jeden monat > monatlich | pro monat > monatlich | jedes jahr > jährlich |
pro jahr > jährlich | wie oft > wie häufig | in welchem abstand > wie oft | mit hilfe von > mit |
mit hilfe > mit | unter verwendung von > mit | mittels > mit | mithilfe von > mit | durch verwendung von > mit |
anhand von > mit | auf grund > wegen | aufgrund von > wegen | im bezug auf > bezüglich |
in bezug auf > bezüglich | in hinblick auf > bezüglich | im hinblick auf > bezüglich |
was betrifft > bezüglich | an stelle von > statt | anstelle von > statt | mit ausnahme von > außer |
außer wenn > es sei denn | unter der voraussetzung dass > wenn | vorausgesetzt dass > wenn |
für den fall dass > wenn | im falle dass > wenn | ohne dass > ohne | abgesehen von > außer |
zum beispiel > beispielsweise | z. b. > beispielsweise | z.b. > beispielsweise | d. h. > also |
und so weiter > usw | unter anderem > auch | vor allem > besonders | mit freundlichen grüßen > mfg |
am anfang > anfangs | zu beginn > anfangs | wie heißt > name | wie heißen > name | wie lautet der name > name |
was ist der name > name | wie nennt man > name | wie wird genannt > name | wie bezeichnet man > name |
wie schreibt man > schreibweise | wie schreibe ich richtig > schreibweise |
wie wird geschrieben > schreibweise | wie buchstabiert man > schreibweise |
wie ist die richtige schreibweise von > schreibweise | was ist die richtige schreibweise von > schreibweise |
wie spricht man aus > aussprache | wie wird ausgesprochen > aussprache | was ist das wort für > übersetzung |
was ist ein anderes wort für > synonym | anderes wort für > synonym | ein anderes wort für > synonym |
was ist ein synonym für > synonym | wie kann man noch sagen > synonym | was ist das gegenteil von > gegenteil |
wie lautet das gegenteil von > gegenteil | wie lautet der plural von > plural |
was ist der plural von > plural | was ist die mehrzahl von > plural | wie heißt die mehrzahl von > plural |
wie lautet die mehrzahl von > plural | wie lautet die formel für > formel | was ist die formel für > formel |
mit welcher formel berechnet man > formel | wie berechnet man > berechnen | wie berechne ich > berechnen |
wie rechnet man > berechnen | wie rechne ich > berechnen | wie wird berechnet > berechnen |
rechne aus > berechne | rechne um > umrechnen | was ist das ergebnis von > berechne |
ins deutsche > auf deutsch | ins englische > auf englisch | ins französische > auf französisch |
ins spanische > auf spanisch | ins italienische > auf italienisch | in die deutsche sprache > auf deutsch |
in die englische sprache > auf englisch | in deutsch > auf deutsch | in englisch > auf englisch |
die vereinigten staaten > usa | vereinigte staaten von amerika > usa | vereinigten staaten von amerika > usa |
der zweite weltkrieg > zweiter weltkrieg | 2. weltkrieg > zweiter weltkrieg | 1. weltkrieg > erster weltkrieg |
zweiten weltkrieg > zweiter weltkrieg | zweiten weltkriegs > zweiter weltkrieg |
ersten weltkrieg > erster weltkrieg | ersten weltkriegs > erster weltkrieg | europäische union > eu |
europäischen union > eu | vereinigtes königreich > uk | vereinigten königreich > uk |
bundesrepublik deutschland > deutschland | die brd > deutschland | sars cov 2 > coronavirus |
regulärer ausdruck > regex | reguläre ausdrücke > regex | regulären ausdruck > regex |
regulären ausdrücken > regex | git hub > github | java script > javascript | type script > typescript |
word dokument > word-dokument | excel tabelle > excel-tabelle | künstliche intelligenz > ki |
künstlicher intelligenz > ki | maschinelles lernen > machine learning | rückgängig machen > rückgängigmachen |
rückgängig mache > rückgängigmachen | mache rückgängig > rückgängigmachen |
ungeschehen machen > rückgängigmachen | ein backup machen > sichern | eine sicherungskopie erstellen > sichern |
eine kopie machen > kopieren | eine kopie erstellen > kopieren | einen screenshot machen > screenshot |
einen screenshot erstellen > screenshot | screenshot machen > screenshot |
bildschirm abfotografieren > screenshot | bildschirm aufnehmen > bildschirmaufnahme |
ein foto machen > fotografieren | fotos machen > fotografieren |
auf werkseinstellungen zurücksetzen > zurücksetzen | auf werkseinstellung zurücksetzen > zurücksetzen |
auf den neuesten stand bringen > aktualisieren | auf den aktuellen stand bringen > aktualisieren |
ein update machen > aktualisieren | auf die neueste version bringen > aktualisieren | neu starten > neustarten |
neu gestartet > neugestartet | fährt nicht hoch > startet nicht | geht nicht an > startet nicht |
lässt sich nicht einschalten > startet nicht | lässt sich nicht öffnen > öffnet nicht |
geht nicht > funktioniert nicht | geht nicht mehr > funktioniert nicht |
funktioniert nicht mehr > funktioniert nicht | läuft nicht > funktioniert nicht |
läuft nicht mehr > funktioniert nicht | klappt nicht > funktioniert nicht | streikt > funktioniert nicht |
kaputt gegangen > defekt | kaputtgegangen > defekt | geht kaputt > defekt | den geist aufgegeben > defekt |
hängt sich auf > stürzt ab | in betrieb nehmen > starten | außer betrieb > defekt |
zum laufen bringen > starten | zum laufen bekommen > starten | zum laufen kriegen > starten |
mein pc > mein computer | mein rechner > mein computer | meinen rechner > meinen computer |
meinem rechner > meinem computer | meines rechners > meines computers | den rechner > den computer |
dem rechner > dem computer | der rechner > der computer | im internet > online | übers internet > online |
über das internet > online | kann mich nicht einloggen > anmeldung funktioniert nicht |
kann mich nicht anmelden > anmeldung funktioniert nicht |
komme nicht in mein konto > anmeldung funktioniert nicht | nicht mehr anmelden > nicht anmelden |
konto erstellen > registrieren | konto anlegen > registrieren | konto eröffnen > kontoeröffnung |
ein konto eröffnen > kontoeröffnung | zurück schicken > zurückschicken | zurück senden > zurückschicken |
zurück geben > zurückgeben | zurück gegeben > zurückgegeben | geld zurück > erstattung |
geld zurückbekommen > erstattung | mein geld zurück > erstattung | geld wieder bekommen > erstattung |
rückerstattung des geldes > erstattung | eine rückerstattung beantragen > erstattung |
eine erstattung erhalten > erstattung | in raten zahlen > ratenzahlung | auf raten kaufen > ratenzahlung |
auf rechnung kaufen > rechnungskauf | kauf auf rechnung > rechnungskauf |
per rechnung bezahlen > rechnungskauf | in rechnung stellen > berechnen | in rechnung gestellt > berechnet |
nicht angekommen > nicht geliefert | noch nicht angekommen > nicht geliefert |
nicht eingetroffen > nicht geliefert | auf lager > verfügbar | vorrätig > verfügbar |
nicht auf lager > ausverkauft | nicht vorrätig > ausverkauft | in anspruch nehmen > nutzen |
gebrauch machen von > nutzen | einspruch einlegen > einspruch | einspruch erheben > einspruch |
widerspruch einlegen > widerspruch | klage einreichen > klagen | klage erheben > klagen |
anzeige erstatten > anzeigen | vor gericht gehen > klagen | vor gericht ziehen > klagen |
einen antrag stellen > beantragen | antrag stellen > beantragen | in kraft treten > gelten |
in kraft getreten > gilt seit | einen vertrag kündigen > kündigen | vertrag auflösen > kündigen |
den vertrag beenden > kündigen | in rente gehen > rente | in den ruhestand gehen > rente |
in elternzeit gehen > elternzeit | krank geschrieben > krankgeschrieben | krank schreiben > krankschreiben |
krank melden > krankmelden | sich krank melden > krankmelden | geld verdienen > verdienen |
was verdient > gehalt | was verdient man als > gehalt | wie hoch ist das gehalt > gehalt |
wie hoch ist der lohn > gehalt | geld sparen > sparen | geld anlegen > anlegen | geld abheben > abheben |
geld überweisen > überweisen | steuern zahlen > versteuern | von der steuer absetzen > absetzen |
steuerlich absetzen > absetzen | steuerlich geltend machen > absetzen |
in der steuererklärung angeben > steuererklärung | öffentliche verkehrsmittel > öpnv |
öffentlichen verkehrsmitteln > öpnv | mit dem auto fahren > auto fahren | mit dem zug > zug |
mit dem fahrrad > fahrrad | in urlaub fahren > urlaub | klein schneiden > kleinschneiden |
klein geschnitten > kleingeschnitten | gar kochen > garen | zum kochen bringen > aufkochen |
in scheiben schneiden > scheiben | in würfel schneiden > würfeln | in der mikrowelle > mikrowelle |
im kühlschrank > kühlschrank | sauber machen > reinigen | sauber bekommen > reinigen |
sauber kriegen > reinigen | wie bekomme ich sauber > wie reinige ich | wie kriege ich sauber > wie reinige ich |
wie mache ich sauber > wie reinige ich | wäsche waschen > wäsche | die wäsche waschen > wäsche |
staub saugen > staubsaugen | haltbar machen > konservieren | wie bewahrt man auf > aufbewahrung |
wie bewahre ich auf > aufbewahrung | wie lagert man > aufbewahrung | wie lagere ich > aufbewahrung |
grüne bohnen > fisolen | rasen mähen > rasenmähen | den rasen mähen > rasenmähen | wie pflege ich > pflege |
wie pflegt man > pflege | beim arzt > arzt | in den griff bekommen > bewältigen |
in den griff kriegen > bewältigen | klar kommen mit > bewältigen | zurecht kommen mit > bewältigen |
fertig werden mit > bewältigen | bescheid geben > mitteilen | bescheid sagen > mitteilen |
in kontakt treten > kontaktieren | kontakt aufnehmen > kontaktieren | in verbindung setzen > kontaktieren |
in verbindung treten > kontaktieren | wie erreiche ich > kontakt | wie kann ich erreichen > kontakt |
wie kontaktiere ich > kontakt | eine nachricht schreiben > nachricht | eine entscheidung treffen > entscheiden |
eine wahl treffen > wählen | eine frage stellen > fragen | einen fehler machen > fehler |
rücksicht nehmen > berücksichtigen | teil nehmen > teilnehmen | in betracht ziehen > berücksichtigen |
im auge behalten > beobachten | zum ausdruck bringen > ausdrücken | zum einsatz kommen > verwendet |
zum einsatz kommt > verwendet | zur anwendung kommen > verwendet | in verwendung > verwendet |
wofür wird verwendet > zweck | wofür wird benutzt > zweck | wofür braucht man > zweck |
wofür benutzt man > zweck | wofür verwendet man > zweck | wozu dient > zweck | wozu dienen > zweck |
wozu braucht man > zweck | wozu wird verwendet > zweck | wozu benutzt man > zweck | wofür ist gut > zweck |
was ist der zweck von > zweck | was ist der sinn von > zweck | welchem zweck dient > zweck |
welchen zweck hat > zweck | welche funktion hat > funktion | welche aufgabe hat > funktion |
was ist die aufgabe von > funktion | was ist die funktion von > funktion | wie funktioniert > funktionsweise |
wie funktionieren > funktionsweise | was sind die vorteile von > vorteile | welche vorteile hat > vorteile |
welche vorteile haben > vorteile | welche vorteile bietet > vorteile | was spricht für > vorteile |
was sind die nachteile von > nachteile | welche nachteile hat > nachteile | was spricht gegen > nachteile |
vor und nachteile > vor- und nachteile | pro und contra > vor- und nachteile | woraus besteht > bestandteile |
woraus bestehen > bestandteile | aus was besteht > bestandteile | was sind die bestandteile von > bestandteile |
was ist enthalten in > bestandteile | was ist drin in > bestandteile | aus welchem material > woraus |
aus welchem material ist > woraus besteht | welche inhaltsstoffe hat > inhaltsstoffe |
was ist typisch für > merkmale | was kennzeichnet > merkmale | was sind die merkmale von > merkmale |
welche eigenschaften hat > merkmale | welche arten von > arten | welche arten gibt es von > arten |
was für arten von > arten | welche sorten von > arten | welche typen von > arten | was für ein > welcher |
was für eine > welche | was für einen > welchen | was für > welche | nenne mir > nenne | nenn mir > nenne |
kannst du mir nennen > nenne | zähl mir auf > nenne | zähle mir auf > nenne | gib mir eine liste von > nenne |
gib mir eine liste mit > nenne | erstelle eine liste mit > nenne | liste mir auf > nenne |
gib ein beispiel für > beispiel | gib mir ein beispiel für > beispiel | nenne ein beispiel für > beispiel |
was ist ein beispiel für > beispiel | was sind beispiele für > beispiele | fasse zusammen > zusammenfassung |
fass zusammen > zusammenfassung | schreibe eine zusammenfassung > zusammenfassung |
gib mir eine zusammenfassung > zusammenfassung | eine zusammenfassung schreiben > zusammenfassung |
formuliere um > umformulieren | schreibe um > umschreiben | schreib um > umschreiben |
anders formulieren > umformulieren | anders ausdrücken > umformulieren |
mit anderen worten ausdrücken > umformulieren | anders schreiben > umformulieren |
korrigiere die fehler in > korrigiere | verbessere die fehler in > korrigiere |
auf fehler prüfen > korrigieren | auf rechtschreibung prüfen > korrigieren | fehler verbessern > korrigieren |
in kurzen worten > kurz | in wenigen worten > kurz | mit wenigen worten > kurz | in einfachen worten > einfach |
kürzer machen > kürzen | länger machen > verlängern | größer machen > vergrößern |
kleiner machen > verkleinern | schneller machen > beschleunigen | besser machen > verbessern |
schlimmer machen > verschlimmern | lauter machen > lauter stellen | leiser machen > leiser stellen |
weicher machen > weich machen | heller machen > aufhellen | dunkler machen > abdunkeln |
warm machen > erwärmen | warm halten > warmhalten | heiß machen > erhitzen | kalt stellen > kühlen |
fest machen > befestigen | fertig machen > fertigstellen | kaputt machen > zerstören |
schwarz weiß > schwarzweiß | schwarz-weiß > schwarzweiß | am meisten > meist | mehr als > über |
weniger als > unter | ein paar > einige | eine menge > viel | jede menge > viel | ein bisschen > etwas |
ein wenig > etwas | auf jeden fall > unbedingt | auf keinen fall > nicht | gar nicht > nicht |
überhaupt nicht > nicht | nach wie vor > noch | immer noch > noch | noch immer > noch | schon mal > schon |
so gut wie > fast | mehr oder weniger > ungefähr | in etwa > ungefähr | wie kündige ich > kündigung |
wie kann ich kündigen > kündigung | zu spät > verspätet | nicht richtig > falsch | nicht korrekt > falsch |
nicht gültig > ungültig | nicht erlaubt > verboten | nicht legal > illegal | nicht möglich > unmöglich |
nicht gesund > ungesund | nicht bekannt > unbekannt | auf der ganzen welt > weltweit | auf der welt > weltweit |
der welt > weltweit | weltweit gesehen > weltweit | der erde > weltweit | in deutschland > deutschland |
in österreich > österreich | in der schweiz > schweiz | unter windows > windows | unter linux > linux |
bei windows > windows | auf dem mac > mac | auf dem iphone > iphone | auf dem ipad > ipad |
bei android > android | am iphone > iphone | in excel > excel | bei excel > excel | in word > word |
bei word > word | mit python > python | in python > python | in java > java | in javascript > javascript |
mit javascript > javascript | in sql > sql | mit git > git | in git > git | bei git > git | in der bash > bash |
im terminal > terminal | über das terminal > terminal | über die kommandozeile > kommandozeile |
auf der kommandozeile > kommandozeile | e mail adresse > e-mail-adresse | e mail > e-mail |
zwei faktor authentifizierung > 2fa | zwei-faktor-authentifizierung > 2fa | usb stick > usb-stick |
wlan passwort > wlan-passwort | kreditkarten nummer > kreditkartennummer |
happy birthday > geburtstagsglückwunsch | alles gute zum geburtstag > geburtstagsglückwunsch |
glückwünsche zum geburtstag > geburtstagsglückwunsch | kannst du mir sagen > bitte |
kannst du mir bitte sagen > bitte | kannst du mir erklären > bitte | kannst du mir bitte erklären > bitte |
kannst du erklären > bitte | kannst du mir verraten > bitte | kannst du mir zeigen > bitte |
kannst du mir mitteilen > bitte | kannst du mir helfen > bitte | kannst du mir dabei helfen > bitte |
kannst du mir weiterhelfen > bitte | können sie mir sagen > bitte | können sie mir bitte sagen > bitte |
können sie mir erklären > bitte | können sie mir bitte erklären > bitte | können sie mir helfen > bitte |
können sie mir mitteilen > bitte | könntest du mir sagen > bitte | könntest du mir bitte sagen > bitte |
könntest du mir erklären > bitte | könntest du mir bitte erklären > bitte | könntest du mir helfen > bitte |
könnten sie mir sagen > bitte | könnten sie mir bitte sagen > bitte | könnten sie mir erklären > bitte |
könnten sie mir mitteilen > bitte | könnten sie mir helfen > bitte | würdest du mir sagen > bitte |
würdest du mir bitte erklären > bitte | würden sie mir bitte sagen > bitte | kann mir jemand sagen > bitte |
kann mir jemand erklären > bitte | kann mir jemand helfen > bitte | kann mir bitte jemand sagen > bitte |
könnte mir jemand sagen > bitte | weiß jemand > bitte | weißt du > bitte | weißt du vielleicht > bitte |
weißt du zufällig > bitte | wissen sie > bitte | wissen sie vielleicht > bitte | wissen sie zufällig > bitte |
hast du eine ahnung > bitte | hast du eine idee > bitte | hat jemand eine ahnung > bitte |
hat jemand eine idee > bitte | irgendeine idee > bitte | keine ahnung > bitte | ich habe keine ahnung > bitte |
ich weiß nicht > bitte | ich bin mir nicht sicher > bitte | ich frage mich > bitte |
ich habe mich gefragt > bitte | ich wollte fragen > bitte | ich wollte mal fragen > bitte |
ich wollte wissen > bitte | ich möchte wissen > bitte | ich möchte gerne wissen > bitte |
ich möchte gern wissen > bitte | ich möchte fragen > bitte | ich möchte verstehen > bitte |
ich würde gerne wissen > bitte | ich würde gern wissen > bitte | ich würde gerne verstehen > bitte |
ich hätte gerne gewusst > bitte | ich hätte gern gewusst > bitte | ich muss wissen > bitte |
ich will wissen > bitte | ich wüsste gerne > bitte | ich wüsste gern > bitte | ich habe eine frage > bitte |
ich habe eine frage zu > bitte | ich hätte eine frage > bitte | ich hätte da mal eine frage > bitte |
mal eine frage > bitte | kurze frage > bitte | eine frage > bitte | meine frage ist > bitte |
meine frage lautet > bitte | mich interessiert > bitte | mich würde interessieren > bitte |
es würde mich interessieren > bitte | ich interessiere mich dafür > bitte |
ich suche nach informationen über > bitte | ich brauche informationen über > bitte |
ich brauche hilfe bei > bitte | ich brauche hilfe > bitte | ich benötige hilfe bei > bitte |
ich hoffe du kannst mir sagen > bitte | ich hoffe sie können mir helfen > bitte |
ich hatte gehofft du könntest mir sagen > bitte | sag mir bitte > bitte | sag mir > bitte |
sagen sie mir > bitte | sagen sie mir bitte > bitte | sage mir > bitte | erklär mir > bitte |
erkläre mir > bitte | erkläre mir bitte > bitte | erklären sie mir > bitte | erklär mir bitte > bitte |
erzähl mir > bitte | erzähle mir > bitte | erzähl mir etwas über > bitte | erzähle mir etwas über > bitte |
verrate mir > bitte | bitte sag mir > bitte | bitte sage mir > bitte | bitte erkläre mir > bitte |
bitte erklären sie > bitte | bitte erkläre > bitte | zeig mir > bitte | zeige mir > bitte |
zeigen sie mir > bitte | hilf mir > bitte | hilf mir bitte > bitte | hilf mir dabei > bitte |
bitte hilf mir > bitte | gib mir bitte > bitte | gib mir informationen über > bitte | gib mir infos zu > bitte |
ich bin neugierig > bitte | ich bin auf der suche nach > bitte | ich versuche herauszufinden > bitte |
ich versuche gerade > bitte | ich versuche zu verstehen > bitte | nur mal so > bitte |
nur aus interesse > bitte | aus neugier > bitte | rein interessehalber > bitte | vielen dank > bitte |
vielen dank im voraus > bitte | danke im voraus > bitte | danke schön > bitte | besten dank > bitte |
guten tag > bitte | guten morgen > bitte | guten abend > bitte | sehr geehrte damen und herren > bitte |
schönen guten tag > bitte | liebes team > bitte | liebe community > bitte | was würdest du empfehlen > bitte |
was mich interessiert > bitte | es geht um > bitte | es geht darum > bitte | so wie ich das verstehe > bitte |
entschuldigung > bitte | entschuldigen sie > bitte | wäre es möglich mir zu sagen > bitte |
wäre nett wenn du mir sagen könntest > bitte | es wäre nett wenn > bitte | es wäre toll wenn > bitte |
ich wäre dankbar wenn > bitte | ich würde gerne > ich möchte | ich würde gern > ich möchte |
ich möchte gerne > ich möchte | ich möchte gern > ich möchte | ich will gerne > ich möchte |
ich hätte gerne > ich möchte | ich hätte gern > ich möchte | ich habe vor > ich möchte |
ich beabsichtige > ich möchte | ich habe die absicht > ich möchte | ich plane > ich möchte
`
