import { stemmer } from '@orama/stemmers/german'
import { firsts, lists, pairs, phrases, rewritings, whole, words } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'

export const german: Lexicon = {
  language: 'de',
  // The library leaves the endings of verbs: kocht, erhöht.
  stem: (word) => stemmer(word).replace(/(?<=.{3}[^aeiouyäöüst])t$/, ''),
  functionWords: new Set(
    words(`
      der die das den dem des ein eine einen einem einer eines ich mich mir mein meine meinen meinem meiner meines du dich
      dir dein deine deinen er ihn ihm sie es wir uns unser unsere unseren ihr euch ihre ihren ihrem man sich selbst ist sind bin bist war
      waren sein gewesen wird werden wurde wurden worden hat haben habe hatte kann können könnte könnten
      könnt soll sollte sollten muss müssen müsste will wollen möchte würde würden darf dürfen lässt lassen lasse tun tut
      getan und oder aber als wie was wer wen wem wessen wann wo woher wohin warum wieso weshalb welche
      welcher welches welchen welchem dass ob wenn weil da dann so auch noch nur schon sehr mal hier dort
      in im ins an am auf aus bei beim mit nach von vom vor zu zum zur für über um unter durch gegen bis
      seit zwischen viel viele dieser diese dieses diesen diesem jeder jede jedes etwas
    `),
  ),
  fillers: phrases(`
    ich möchte wissen
    ich würde gerne wissen
    ich würde gern wissen
    ich wüsste gerne
    ich wüsste gern
    kannst du mir sagen
    können sie mir sagen
    könntest du mir sagen
    könnten sie mir sagen
    kannst du mir erklären
    können sie mir erklären
    weißt du
    wissen sie
    wie geht man vor
    was muss ich tun um
    was ist der beste weg
    auf welche weise
    bitte
    danke
    hallo
    eigentlich
    genau
    generell
    normalerweise
    üblicherweise
    gewöhnlich
    richtig
    korrekt
    am besten
    beste methode
    beste weg
    einfachste weg
    weg
    möglichkeit
    möglichkeiten
    methode
    schritte
    anleitung
    erklär
    erkläre
    erklären
    beschreibe
    beschreiben
    nenne
    nennen
    sag
    sage
    sagen
    zeig
    zeige
    zeigen
    hilf
    mir
    gerne
    gern
    geht
    gehen
    funktioniert
    funktionieren
    macht
    machen
    mache
    gibt
    geben
    heißt
    heißen
    bedeutet
    bedeuten
    bedeutung
    nennt
    genannt
    frage
    berechne
    berechnen
    ausrechnen
    rechne
    umrechnen
    verwenden
    benutzen
    nutzen
    eigenen
    zubereiten
    zubereite
    überhaupt
    gerade
    einfach
    stammt
    liegt
    vornehmen
  `),
  rewritings: rewritings(`
    aus welchem grund > warum
    was ist der grund > warum
    was sind die gründe > warum
    wieso > warum
    weshalb > warum
    wie kommt es > warum
    in welchem jahr > wann
    welches jahr > wann
    um wie viel uhr > wann
    um wieviel uhr > wann
    zu welcher uhrzeit > wann
    an welchem tag > wann
    in welchem land > wo
    in welcher stadt > wo
    an welchem ort > wo
    wieviel > wie viel
    wieviele > wie viele
    was kostet > wie viel kostet
    was kosten > wie viel kostet
    was ist der preis > wie viel kostet
    was ist der unterschied > unterschied
    worin unterscheiden > unterschied
    worin unterscheidet > unterschied
    worin besteht der unterschied > unterschied
    wie unterscheiden > unterschied
    unterscheiden > unterschied
    unterscheidet > unterschied
    unterschiede > unterschied
    ein wort > 1 wort
    einem wort > 1 wort
    ein satz > 1 satz
    einem satz > 1 satz
    e-mail > email
    usa > vereinigte staaten
    brd > deutschland
    wlan > wifi
    wie sagt man > übersetzen
    handy > telefon
    handyvertrag > mobilfunkvertrag
    woran liegt es dass > warum
    woran liegt das > warum
    wodurch unterscheiden > unterschied
    wodurch unterscheidet > unterschied
    ist es erlaubt > darf
    ist es möglich > kann
    wie hoch ist die einwohnerzahl > wie viele einwohner
    in welchen abständen > wie oft
    ergibt > ist
    was hilft gegen > wie behandeln
    was hilft bei > wie behandeln
    was kann ich gegen > wie behandeln
    was tun bei > wie behandeln
    was tun gegen > wie behandeln
    was kann ich tun wenn ich > wie behandeln
    was kann ich tun, wenn ich > wie behandeln
    was sind die öffnungszeiten > wann geöffnet
    wie sind die öffnungszeiten > wann geöffnet
  `),
  negations: new Set(
    words(
      'nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne weder außer vermeiden',
    ),
  ),
  opposites: pairs(`
    beitreten austreten, bei aus, verursachen lindern, verursachen helfen, auslösen lindern,
    aktivieren deaktivieren, einschalten ausschalten, anschalten ausschalten, einschalte ausschalte, öffnen schließen, starten stoppen,
    starten beenden, beginnen enden, anfang ende, beginn ende, kaufen verkaufen, erhöhen senken, erhöhen verringern, erhöhen reduzieren, steigern senken, steigen sinken, steigen fallen,
    zunehmen abnehmen, gewinnen verlieren, gewinn verlust, annehmen ablehnen, erlauben verbieten, sperren entsperren, hinzufügen entfernen,
    hinzufügen löschen, erstellen löschen, installieren deinstallieren, verbinden trennen, anzeigen ausblenden, einblenden ausblenden,
    hochladen herunterladen, importieren exportieren, senden empfangen, verschlüsseln entschlüsseln, mieten kaufen, mieten vermieten, leihen verleihen,
    anmelden abmelden, einloggen ausloggen, an aus, minimum maximum, minimal maximal, kleinste größte, kleiner größer, klein groß, kleinsten größten, niedrigste höchste, niedriger höher, kurz lang, kürzer länger,
    kürzeste längste, nah fern, nächste letzte, jung alt, jünger älter, jüngste älteste, neu alt, neuer älter, früh spät, früher später, erste letzte,
    ersten letzten, vor nach, vorher nachher, seit bis, schnell langsam, schneller langsamer, schnellste langsamste, gut schlecht, besser schlechter, beste schlechteste,
    hoch niedrig, hoch tief, heiß kalt, warm kalt, wärmste kälteste, heißeste kälteste, nass trocken, billig teuer, billiger teurer, günstig teuer, günstiger teurer, billigste teuerste, günstigste teuerste, reich arm, reichste ärmste, leicht schwer,
    leichter schwerer, leichteste schwerste, einfach schwierig, hell dunkel, stark schwach, hart weich, dick dünn, breit schmal, voll leer, öffentlich privat, innen außen,
    links rechts, oben unten, über unter, norden süden, nord süd, osten westen, ost west, positiv negativ, vorteil nachteil, vorteile nachteile, legal illegal, möglich unmöglich,
    sicher gefährlich, sicher unsicher, gesund ungesund, formell informell, aktiv passiv, singular plural, mann frau, männer frauen, junge mädchen, vater mutter,
    sohn tochter, bruder schwester, kind eltern, kinder eltern, arbeitnehmer arbeitgeber, mieter vermieter, käufer verkäufer, frage antwort, aufsteigend absteigend,
    mehr weniger, meiste wenigste, meisten wenigsten, mit ohne, immer nie, alle keine, tag nacht, sommer winter, morgen abend, sonnenaufgang sonnenuntergang,
    ankommen abfahren, ankunft abfahrt, ankunft abflug, einzahlen abheben, einfrieren auftauen, schmelzen gefrieren, sparen ausgeben, lieben hassen, geboren gestorben, geburt tod, leben sterben, wahr falsch, richtig falsch,
    brutto netto, einatmen ausatmen, zunehmen verlieren, rein raus, verursachen behandeln, süß salzig, roh gekocht
  `),
  synonyms: lists(`
    reparieren beheben lösen
    erstellen anlegen schreiben verfassen erzeugen
    löschen entfernen beseitigen
    ändern wechseln bearbeiten anpassen
    zurücksetzen wiederherstellen
    kaufen erwerben besorgen
    beginnen anfangen starten
    beenden aufhören
    groß riesig
    größe groß hoch höhe
    schnell rasch zügig
    schnellste schnellsten
    einfach leicht unkompliziert
    gut geeignet sinnvoll empfehlenswert
    beste besten optimal ideal
    wichtig wesentlich entscheidend
    finden suchen herausfinden
    auswählen wählen
    prüfen überprüfen kontrollieren testen
    reinigen säubern putzen waschen sauber
    kochen zubereiten garen
    backen zubereiten
    kind kinder
    arzt doktor
    auto wagen pkw fahrzeug
    film kinofilm
    bild foto
    arbeit job beruf
    geld
    kosten kostet preis
    geschäft laden
    krankheit erkrankung
    symptome anzeichen
    medikament arznei medizin
    autor schriftsteller schrieb geschrieben verfasst
    erfinder erfand erfunden
    entdecker entdeckte entdeckt
    gründer gegründet gründete
    maler malte gemalt
    einwohner bevölkerung menschen leben wohnen einwohnerzahl
    land staat
    vorteil pluspunkt
    fehler problem
    kündigen beenden kündigung
    stornieren stornierung storniert
    möglich möglichkeit
    programm programme
    paket sendung lieferung
    schicken senden verschicken
    rückgabe zurückgeben
    erstatten zurückerstatten erstattung
    konto account
    passwort kennwort
    kontaktieren erreichen
    beispiel muster
    zusammenfassen zusammenfassung fasse fassen
    übersetzen übersetze übersetzung
    umrechnen umwandeln konvertieren umrechne
    berechnen ausrechnen rechnen berechne
    sortieren ordnen
    umkehren umdrehen
    verbinden zusammenführen
    liste array
    dauer dauern dauert lange
    gewicht wiegen wiegt schwer
    alter alt
    entfernung entfernt weit
    fleck flecken
    urlaub ferien
    flugzeug flieger
    reisen fahren
    abnehmen gewicht
    verhindern vermeiden vorbeugen
    lindern mildern
    brauchen benötigen
    erlaubt zulässig gestattet
    notwendig nötig erforderlich
    steuer steuern
    gehalt lohn verdienst
    wohnung apartment
    rechnung quittung
    telefon smartphone
    rechner computer
    app anwendung
    webseite website
    ordner verzeichnis
    brief schreiben
    hauptstadt
    stunde stunden
    minute minuten
    zahlen bezahlen
    verpflichtet müssen
    student studenten studierende
    branch zweig
    schreiben formulieren formuliere verfassen schreibe
    einladung
    helfen hilft
    bekommen erhalten kriegen
    fragen bitten
    schließen zumachen
    öffnen aufmachen
    essen verzehren
    berühmt bekannt
    verbieten untersagen verboten untersagt
    geschenk präsent
    ziel zweck
    schwierig schwer
    schaden beschädigen schädlich ungesund
    begrenzen beschränken
    gericht essen mahlzeit
    normal üblich gewöhnlich
    meinung ansicht
    schmerzen schmerz weh
    schützen sichern
    leise ruhig still
    selten rar
    reich wohlhabend
    dünn schlank
    geschichte erzählung
    seltsam komisch
    thema gegenstand
    vorschlagen empfehlen vorschlag empfehlung
    sicher gewiss
    tauschen umtauschen austauschen
    ganz gesamt
    falsch unrichtig
    baby säugling
    kunde kunden
    firma unternehmen betrieb
    mitarbeiter angestellte
    lebenslauf cv
    bewerbung bewerben
    rabatt nachlass ermäßigung
    garantie gewährleistung
    bildschirm display monitor
    abstürzen stürzt absturz
    langsam träge
    geruch riechen stinken
    schwanger schwangerschaft
    allergie allergisch
    muskeln muskel
    kredit darlehen
    anlegen investieren
    aktie aktien
    vermieter hauseigentümer
    vertrag vereinbarung
    strafe bußgeld
    kaputt defekt
    einfrieren tiefkühlen
    hähnchen huhn
    kartoffel kartoffeln
    brötchen semmel
    samstag sonnabend
    ärztin arzt
    chef vorgesetzter
    vorstellungsgespräch bewerbungsgespräch
    betriebssystem os
    datei file
    löschen tilgen
    speichern sichern
    taste knopf
    bahn zug
    fahrrad rad
    fernseher tv
    müll abfall
    gießen wässern
    dauer dauert
  `),
  numbers: {
    null: 0,
    zwei: 2,
    drei: 3,
    vier: 4,
    fünf: 5,
    sechs: 6,
    sieben: 7,
    acht: 8,
    neun: 9,
    zehn: 10,
    elf: 11,
    zwölf: 12,
    dreizehn: 13,
    vierzehn: 14,
    fünfzehn: 15,
    sechzehn: 16,
    siebzehn: 17,
    achtzehn: 18,
    neunzehn: 19,
    zwanzig: 20,
    dreißig: 30,
    vierzig: 40,
    fünfzig: 50,
    sechzig: 60,
    siebzig: 70,
    achtzig: 80,
    neunzig: 90,
    hundert: 100,
    tausend: 1_000,
    million: 1_000_000,
    millionen: 1_000_000,
    milliarde: 1e9,
    dutzend: 12,
    halb: 0.5,
    halbe: 0.5,
  },
  kinds: [
    [whole('wie viele?'), 'how many'],
    [whole('wie lange'), 'how long'],
    [whole('wie alt'), 'how old'],
    [whole('wie (weit|tief)'), 'how far'],
    [whole('wie (groß|hoch|schwer|breit|klein)'), 'how big'],
    [whole('wie (oft|häufig)'), 'how often'],
    [whole('wer|wen|wem|wessen'), 'who'],
    [whole('wann'), 'when'],
    [whole('wo|woher|wohin'), 'where'],
    [whole('warum'), 'why'],
    [whole('wie', 'mir|uns|weiß|und|aber|erklär|erkläre|erklären'), 'how'],
    [whole('was|welche[rsnm]?'), 'what'],
  ],
  askedFor: {
    who: new Set(
      words(
        'autor autorin schriftsteller erfinder gründer maler komponist regisseur präsident person name',
      ),
    ),
    when: new Set(words('zeit datum jahr tag monat uhrzeit jahreszeit')),
    where: new Set(words('ort stadt land adresse')),
    'how many': new Set(
      words(
        'anzahl zahl menge dauer entfernung länge höhe gewicht größe preis kosten einwohnerzahl alter temperatur anteil summe kalorien gehalt volumen wert ergebnis dauer gültigkeitsdauer gesamtdauer',
      ),
    ),
  },
  appositions: new Set(
    words(
      'wort begriff ausdruck satz befehl fehler meldung fehlermeldung code funktion methode roman buch film lied gedicht titel text zeile erzählung',
    ),
  ),
  telling: new Set(words('bevor nachdem vorher danach weniger wenigste wenigsten nur bis')),
  roles: firsts('nach in ins zu zum zur, von vom aus, als, gegen, über, unter, durch'),
  symmetric: new Set(words('und oder versus vs zwischen unterschied vergleich vergleichen')),
}
