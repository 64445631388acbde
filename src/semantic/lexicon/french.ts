import { stemmer } from '@orama/stemmers/french'
import { firsts, lists, pairs, phrases, rewritings, whole, words } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'

export const french: Lexicon = {
  language: 'fr',
  stem: stemmer,
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
  rewritings: rewritings(`
    qu est-ce que > que
    qu est-ce qui > que
    est-ce que > est
    est-ce qu > est
    pour quelle raison > pourquoi
    pour quelles raisons > pourquoi
    quelle est la raison > pourquoi
    quelles sont les raisons > pourquoi
    à cause de quoi > pourquoi
    en quelle année > quand
    quelle année > quand
    à quelle date > quand
    à quelle heure > quand
    quel jour > quand
    dans quel pays > où
    dans quelle ville > où
    à quel endroit > où
    quel est le prix > combien coûte
    quel est le coût > combien coûte
    quel est le nombre > combien
    combien de temps > combien-temps
    quelle est la différence > différence
    quelles sont les différences > différence
    en quoi diffèrent > différence
    qu est ce qui différencie > différence
    différences > différence
    un mot > 1 mot
    une phrase > 1 phrase
    une seule phrase > 1 phrase
    e-mail > email
    courriel > email
    états-unis > étatsunis
    usa > étatsunis
    comment dit-on > traduire
    comment dit on > traduire
    mail > email
    wi-fi > wifi
    comment se fait-il que > pourquoi
    comment se fait il que > pourquoi
    se fait il que > pourquoi
    quelle est l heure d ouverture > quand ouvre
    quels sont les horaires d ouverture > quand ouvre
    que faire contre > comment soigner
    que faire en cas de > comment soigner
    que puis-je faire contre > comment soigner
    pour cent > %
    centre-ville > centre
    centre ville > centre
    temps de cuisson > combien-temps cuire
    salle de sport > gym
    ticket de caisse > reçu
  `),
  negations: new Set(words('ne pas jamais sans aucun aucune ni rien personne sauf éviter')),
  opposites: pairs(`
    activer désactiver, allumer éteindre, ouvrir fermer, démarrer arrêter, commencer finir, commencer terminer, début fin, acheter vendre, augmenter diminuer,
    augmenter réduire, augmenter baisser, monter descendre, gagner perdre, accepter refuser, autoriser interdire, bloquer débloquer, verrouiller déverrouiller,
    ajouter supprimer, ajouter retirer, ajouter enlever, créer supprimer, installer désinstaller, connecter déconnecter, afficher masquer, télécharger téléverser,
    importer exporter, envoyer recevoir, chiffrer déchiffrer, louer acheter, prêter emprunter, minimum maximum, petit grand, petite grande, petits grands, court long, courte longue,
    proche loin, proche lointain, jeune vieux, jeune âgé, jeune vieille, nouveau ancien, nouvelle ancienne, tôt tard, premier dernier, première dernière, avant après, précédent suivant, rapide lent, rapidement lentement, bon mauvais, bonne mauvaise, meilleur pire, meilleure pire, mieux pire,
    haut bas, haute basse, élevé bas, chaud froid, chaude froide, humide sec, riche pauvre, facile difficile, clair foncé, clair sombre, léger lourd, légère lourde, fort faible, dur mou, épais mince, large étroit,
    plein vide, public privé, interne externe, intérieur extérieur, gauche droite, dessus dessous, nord sud, est ouest, positif négatif, avantage inconvénient, avantages inconvénients,
    légal illégal, possible impossible, sûr dangereux, sain malsain, formel informel, actif passif, singulier pluriel, masculin féminin, homme femme, hommes femmes, garçon fille, père mère, fils fille,
    frère soeur, frère sœur, enfant parent, enfants parents, employé employeur, locataire propriétaire, acheteur vendeur, croissant décroissant, plus moins, avec sans, toujours jamais, tous aucun,
    jour nuit, été hiver, matin soir, lever coucher, arriver partir, arrivée départ, entrer sortir, déposer retirer, congeler décongeler, fondre geler, épargner dépenser, économiser dépenser, aimer détester,
    naissance mort, né mort, naître mourir, vivre mourir, vrai faux, brut net, inspirer expirer, causer soigner, provoquer soigner, cher économique, cher abordable, sucré salé, cru cuit, inclure exclure, minimiser maximiser
  `),
  synonyms: lists(`
    réparer corriger résoudre
    créer rédiger écrire composer construire
    supprimer effacer enlever retirer éliminer
    changer modifier
    réinitialiser récupérer
    acheter acquérir
    commencer débuter
    finir terminer
    rapide vite rapidement
    simple facile facilement simplement
    meilleur meilleure meilleurs meilleures mieux idéal recommandé
    important essentiel
    trouver chercher
    choisir sélectionner
    vérifier contrôler tester
    nettoyer laver
    cuire cuisiner préparer cuisson
    enfant enfants
    médecin docteur
    voiture auto automobile
    film
    image photo
    travail emploi métier
    argent
    coûter coûte prix coût
    magasin boutique
    maladie
    symptômes signes
    médicament remède
    auteur écrivain écrit
    inventeur inventé inventer
    découvreur découvert découvrir
    fondateur fondé fonder
    peintre peint
    population habitants habitant
    erreur problème bug
    annuler résilier
    colis paquet livraison
    envoyer expédier
    retourner renvoyer
    rembourser remboursement
    compte
    exemple
    résumer résumé résumez résume
    traduire traduis traduction traduisez
    convertir conversion convertis
    calculer calcule calcul
    trier ordonner classer
    inverser retourner
    durée durer dure longtemps combien-temps
    poids peser pèse
    âge ans âgé
    distance loin
    tache taches
    vacances congés
    avion
    voyager aller rejoindre
    prévenir éviter empêcher
    soulager apaiser
    besoin nécessaire falloir nécessite
    autorisé permis
    impôt impôts taxe
    salaire paie
    appartement logement
    facture reçu
    téléphone portable mobile
    ordinateur pc
    application appli
    site web
    dossier répertoire
    lettre courrier
    article produit
    rendre retourner renvoyer
    frigo réfrigérateur frigidaire
    garder conserver conserve
    carence manque
    différence différent différer diffère
    patron chef
    copain ami
    arriver reçu recevoir arrivé
    demander solliciter
    fermer clore
    manger consommer
    célèbre connu
    interdit défendu
    cadeau présent
    but objectif
    difficile dur compliqué
    abîmer endommager nocif mauvais
    limiter restreindre
    plat repas
    normal habituel
    avis opinion
    douleur mal
    protéger sécuriser
    silencieux calme
    louer location
    mince fin
    histoire récit
    étrange bizarre
    sujet thème
    suggérer recommander proposer conseiller
    échanger remplacer substituer
    entier complet
    faux incorrect
    bébé nourrisson
    entreprise société
    employé salarié
    candidature postuler
    remise réduction rabais
    lent ralenti
    odeur sentir
    enceinte grossesse
    allergie allergique
    crédit prêt emprunt
    placer investir
    action actions
    contrat accord
    amende contravention
    cassé panne
    congeler congélateur
    fichier document
    enregistrer sauvegarder
    vélo bicyclette
    télévision télé
    poubelle ordures déchets
    mot terme
    aimer passionné
    ouvrir ouverture
    dormir sommeil
    permis autorisé droit
    minute minutes
  `),
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
    [whole('quand'), 'when'],
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
    when: new Set(words('heure date année jour mois moment période')),
    where: new Set(words('endroit lieu ville pays adresse')),
    'how many': new Set(
      words(
        'nombre quantité durée distance longueur hauteur poids taille prix coût population âge température temps somme calories contenu volume valeur résultat',
      ),
    ),
  },
  appositions: new Set(
    words(
      'mot terme expression phrase commande erreur message code fonction méthode roman livre film chanson poème titre texte ligne',
    ),
  ),
  telling: new Set(words('avant après moins jusqu seulement fois')),
  roles: firsts('en vers à dans, depuis, contre, sur, sous'),
  symmetric: new Set(words('et ou versus vs entre différence diffère comparer comparaison')),
}
