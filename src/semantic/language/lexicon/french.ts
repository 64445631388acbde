import { stemmer } from '@orama/stemmers/french'
import { irregular } from './french/irregular.ts'
import { light } from './french/light.ts'
import { narrow } from './french/narrow.ts'
import { opposites } from './french/opposites.ts'
import { phrases as meanings } from './french/phrases.ts'
import { siblings } from './french/siblings.ts'
import { synonyms } from './french/synonyms.ts'
import { demonyms } from './demonyms.ts'
import { firsts, lists, pairs, phrases, rewritings, whole, words } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'

export const french: Lexicon = {
  language: 'fr',
  stem: stemmer,
  lists: () => ({
    rewritings: rewritings(meanings),
    opposites: pairs(opposites),
    synonyms: [...lists(synonyms), ...demonyms.fr],
    siblings: lists(siblings),
    light: words(light),
    narrowing: words(narrow),
    irregular: lists(irregular),
  }),
  functionWords: new Set(
    words(`
      le la les l un une des du de d au aux ce c cet cette ces ça cela je j me m mon ma mes moi tu te t ton ta tes il elle
      on nous notre nos vous votre vos ils elles leur leurs se s son sa ses lui en y est es suis sont sommes êtes était
      étaient être été sera seront a ai as ont avons avez avait avoir peut peux peuvent pouvez pourrait pourrais puis pouvoir dois
      doit devez devrait faut falloir fait font faire fais et ou mais que qu qui quoi dont où quand comment pourquoi
      combien quel quelle quels quelles est-ce si ainsi alors aussi très bien plus même tout toute tous toutes
      dans sur sous par pour avec chez vers depuis pendant entre à n
    `),
  ),
  fillers: phrases(`
    j aimerais savoir
    je voudrais savoir
    je veux savoir
    peux tu me dire
    peux-tu me dire
    pouvez vous me dire
    pouvez-vous me dire
    pourriez vous me dire
    pourriez-vous me dire
    pourrais tu me dire
    pourrais-tu me dire
    peux-tu m expliquer
    pouvez-vous m expliquer
    sais tu
    savez vous
    savez-vous
    sais-tu
    quelle est la meilleure façon
    quelle est la meilleure manière
    quelle est la façon
    est-il possible
    y a-t-il un moyen
    s il vous plaît
    s il te plaît
    merci
    bonjour
    salut
    en général
    généralement
    normalement
    exactement
    correctement
    habituellement
    façon
    manière
    moyen
    méthode
    étapes
    possible
    expliquez
    explique
    expliquer
    décrivez
    décris
    donnez
    donne
    donner
    dites
    dis
    dire
    montrez
    montre
    aidez
    aide
    savoir
    signifie
    signification
    veut dire
    appelle
    nomme
    s appelle
    fonctionne
    marche
    utiliser
    question
    procéder
    calcule
    calculer
    calculez
    convertis
    convertir
    convertissez
    préparer
    prépare
    simplement
    vraiment
    au juste
    voudrais
    veux
    aimerais
    prendre
    astuce
    réussir
    proposer
    propose
  `),
  negations: new Set(words('pas jamais sans aucun aucune ni rien personne sauf')),
  endings: new Set([
    '',
    ...words(
      'ment ement iteur ateur trice tion ation ition sion age ité té eur euse er é ée ance ence able if ive al e ique ais aise ien ienne ure',
    ),
  ]),
  numbers: {
    zéro: 0,
    deux: 2,
    trois: 3,
    quatre: 4,
    cinq: 5,
    six: 6,
    sept: 7,
    huit: 8,
    neuf: 9,
    dix: 10,
    onze: 11,
    douze: 12,
    treize: 13,
    quatorze: 14,
    quinze: 15,
    seize: 16,
    vingt: 20,
    trente: 30,
    quarante: 40,
    cinquante: 50,
    soixante: 60,
    cent: 100,
    mille: 1_000,
    million: 1_000_000,
    milliard: 1e9,
    douzaine: 12,
    demi: 0.5,
    demie: 0.5,
  },
  kinds: [
    [whole('combien-temps'), 'how long'],
    [whole('combien'), 'how many'],
    [whole('quel âge'), 'how old'],
    [whole('quelle distance'), 'how far'],
    [whole('quelle (taille|hauteur)'), 'how big'],
    [whole('à quelle fréquence|tous les combien'), 'how often'],
    [whole('qui', 'dire|savoir|explique|expliquer|moi|par|à|de|avec'), 'who'],
    [whole('quand(?! (on|j|je|tu|ils?|elles?|nous|vous)\\b)'), 'when'],
    [whole('où', 'dire|savoir|moi|d|par'), 'where'],
    [whole('pourquoi'), 'why'],
    [whole('comment'), 'how'],
    [whole('que|qu|quoi|quels?|quelles?'), 'what'],
  ],
  askedFor: {
    who: new Set(
      words(
        'auteur autrice écrivain inventeur fondateur peintre compositeur réalisateur président personne nom',
      ),
    ),
    when: new Set(words('heure date année jour mois moment période saison')),
    where: new Set(words('endroit lieu ville pays adresse')),
    why: new Set(words('raison raisons cause causes vient')),
    'how long': new Set(
      words('durée temps longtemps délai vie heures minutes jours semaines mois ans dure'),
    ),
    'how often': new Set(words('fréquence fois souvent')),
    'how expensive': new Set(words('prix coût tarif frais coûte payer cher')),
    'how far': new Set(words('distance loin kilomètres profondeur')),
    'how old': new Set(words('âge ans')),
    'how big': new Set(words('taille hauteur poids longueur largeur mesure pèse haut')),
    'how many': new Set(
      words(
        'nombre quantité population température pourcentage somme calories contenu volume valeur résultat taux',
      ),
    ),
  },
  poles: {
    more: words(
      'élevé élevée fort plus supérieur supérieure maximum maximal maximale augmenter augmente monter grand grande gros haut haute long longue lourd cher meilleur meilleure épaissir agrandir accélérer',
    ),
    less: words(
      'faible moins inférieur inférieure minimum minimal minimale diminuer réduire baisser petit petite bas basse court courte léger bon-marché pire amincir rétrécir ralentir',
    ),
  },
  prevents: words('éviter empêcher'),
  standsForNegation: words('arrêter garder perdre lieu place manque'),
  modality: {
    obliges: new Set(words('faut dois doit devons doivent obligatoire nécessaire besoin obligé')),
    allows: new Set(words('peux peut pouvons peuvent possible permis autorisé légal droit')),
  },
  appositions: new Set(
    words(
      'mot terme expression phrase commande erreur message code fonction méthode roman livre film chanson poème titre texte ligne',
    ),
  ),
  telling: firsts('avant, après, moins, jusqu, seulement uniquement, fois'),
  conditions: new Set(words('pour en dans avec pendant sur sous par si quand au aux chez comme')),
  directionsInPairs: false,
  roles: firsts('from depuis, to vers à en, contre, sur, sous'),
  symmetric: new Set(words('versus vs entre différence diffère comparer comparaison')),
  joins: new Set(words('et ou')),
  articles: new Set(words('le la les l un une des du de d mon ma mes')),
  deeds: words(
    'battre vaincre acheter acquérir poursuivre attaquer envahir embaucher licencier devoir enseigner tuer épouser conquérir occuper influencer manger chasser mordre prêter vendre inviter critiquer refuser',
  ),
  passives: new Set(words('par été')),
}
