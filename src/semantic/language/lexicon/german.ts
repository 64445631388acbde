import { stemmer } from '@orama/stemmers/german'
import { irregular } from './german/irregular.ts'
import { light } from './german/light.ts'
import { narrow } from './german/narrow.ts'
import { opposites } from './german/opposites.ts'
import { phrases as meanings } from './german/phrases.ts'
import { siblings } from './german/siblings.ts'
import { synonyms } from './german/synonyms.ts'
import { demonyms } from './demonyms.ts'
import { firsts, lists, pairs, phrases, rewritings, whole, words } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'

export const german: Lexicon = {
  language: 'de',
  // The library leaves the endings of verbs: kocht, erhöht.
  stem: (word) => stemmer(word).replace(/(?<=.{3}[^aeiouyäöüst])t$/, ''),
  lists: () => ({
    rewritings: rewritings(meanings),
    opposites: pairs(opposites),
    synonyms: [...lists(synonyms), ...demonyms.de],
    siblings: lists(siblings),
    light: words(light),
    narrowing: words(narrow),
    irregular: lists(irregular),
  }),
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
  negations: new Set(
    words(
      'nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne weder außer',
    ),
  ),
  endings: new Set([
    '',
    ...words('ung ungen heit keit igkeit lich ig isch er erin en n e t st te end bar sam lichkeit'),
  ]),
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
        'autor autorin schriftsteller erfinder gründer maler komponist komponisten regisseur präsident person name',
      ),
    ),
    when: new Set(words('zeit zeitpunkt datum jahr tag monat uhrzeit jahreszeit frist')),
    where: new Set(words('ort stadt land adresse stelle')),
    why: new Set(words('grund gründe ursache ursachen grunde')),
    'how long': new Set(
      words(
        'dauer zeit lebensdauer gültigkeitsdauer gesamtdauer lange frist minuten stunden tage wochen monate jahre',
      ),
    ),
    'how often': new Set(words('häufigkeit oft mal abständen rhythmus')),
    'how expensive': new Set(
      words('preis kosten kostet gebühr gebühren teuer zahlen bezahlen wert'),
    ),
    'how far': new Set(words('entfernung weit distanz kilometer meilen tiefe')),
    'how old': new Set(words('alter alt jahre')),
    'how big': new Set(words('größe höhe gewicht länge breite hoch schwer groß wiegt')),
    'how many': new Set(
      words(
        'anzahl zahl menge einwohnerzahl temperatur anteil prozent summe kalorien gehalt volumen wert ergebnis höhe hoch',
      ),
    ),
  },
  poles: {
    more: words(
      'mehr meiste meisten größer größte größten höher höchste höchsten höchster über erhöhen erhöhe steigern länger längste längsten teuerste teuersten teurer älteste ältesten älter maximal maximum höchstens schwerste schwersten wärmer beste besten besser stärkste stärker dicker vergrößern zunehmen steigen',
    ),
    less: words(
      'weniger wenigste wenigsten kleiner kleinste kleinsten niedriger niedrigste niedrigsten unter senken verringern reduzieren kürzer kürzeste kürzesten billigste billigsten günstigste günstigsten jüngste jüngsten jünger minimal minimum mindestens leichteste leichtesten kälter schlechteste schlechter schwächste schwächer dünner verkleinern abnehmen sinken',
    ),
  },
  prevents: words('vermeiden verhindern'),
  standsForNegation: words('damit statt verlieren behalten weg fehlt stattdessen'),
  modality: {
    obliges: new Set(
      words(
        'muss müssen müsste brauche braucht nötig notwendig pflicht verpflichtet vorgeschrieben',
      ),
    ),
    allows: new Set(words('kann können könnte darf dürfen erlaubt möglich gestattet legal')),
  },
  appositions: new Set(
    words(
      'wort begriff ausdruck satz befehl fehler meldung fehlermeldung code funktion methode roman buch film lied gedicht titel text zeile erzählung',
    ),
  ),
  telling: firsts('vor bevor vorher, nachdem danach sobald, weniger, wenigste wenigsten, nur, bis'),
  conditions: new Set(words('für in im bei beim mit während auf unter pro als wenn am')),
  directionsInPairs: false,
  roles: firsts('from von vom aus, to nach in ins zu zum zur, als, gegen, über, unter, durch'),
  symmetric: new Set(words('versus vs zwischen unterschied vergleich vergleichen')),
  joins: new Set(words('und oder')),
  articles: new Set(
    words('der die das den dem des ein eine einen einem einer mein meine dein deine'),
  ),
  deeds: words(
    'besiegen schlagen kaufen übernehmen verklagen angreifen überfallen einstellen entlassen schulden unterrichten töten heiraten erobern besetzen beeinflussen fressen jagen beißen leihen verkaufen einladen kritisieren',
  ),
  passives: new Set(words('wurde wurden worden von')),
}
