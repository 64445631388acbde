/** Words that one wording has and another has not, without asking anything else. */
export const light = `
mettre mise garder falloir faut faudrait faudra devoir dois doit doivent devrais devrait devrions devrez devez
pouvoir peux peut peuvent pourrais pourrait pourriez pouvez puis puisse vouloir veux veut veulent voudrais
voudrait voulais souhaiter souhaite souhaiterais souhait désirer désire aimerais aimerait aimerions envie besoin
nécessiter nécessaire nécessairement nécessité requérir requis requise permettre permise permet permettent
autorisé autorisée autoriser recommandé recommandée recommander conseillé conseillée conseiller convenir
convient convenable adapté adaptée approprié appropriée adéquat adéquate idéal idéale idéalement quantité sorte
genre façon manière moyen méthode procédé procédure processus démarche étape technique astuce truc conseil
solution possibilité possible possiblement exister existe existent existant existante trouver trouve trouvent
obtenir obtient obtenu avoir ai as a avons avez ont eu être suis es est sommes êtes sont était étaient serait
soit faire fais fait faite font effectuer effectue effectué réaliser réalise réalisé accomplir procéder
pratiquer utiliser utilise utilisé utilisation employer servir sert servent usage gérer parvenir réussir aboutir
essayer tenter essaie chercher cherche savoir sais sait sache connaître connais connaît comprendre dire dis dit
dites expliquer explique expliquez montrer montre montrez indiquer indique indiquez donner donne donnez préciser
précise fournir fournis présenter présente décrire décris aider aide aidez renseigner renseignement information
info infos détail détails explication concerner concernant concerne propos relatif relative lié liée impliquer
implique comporter comporte comprend inclure constituer constitue consister consiste représenter correspondre
correspond correspondant correspondante agir agit se soi sembler semble paraître tenir prendre prend prendra
prends certain certaine certains certaines donné donnée tel telle tels telles divers diverse diverses différents
différentes quelconque quelque quelques plusieurs tout toute tous toutes entière ensemble même mêmes chose
choses quelqu gens on cas fois moment lieu endroit place point aspect élément facteur notamment particulier
particulière particulièrement spécifique précis exact exactement précisément vraiment réellement véritable
véritablement effectivement actuellement maintenant normalement généralement habituellement habituel habituelle
ordinairement couramment communément commun normal normale typiquement simplement juste environ
approximativement bien très assez plutôt donc alors aussi ainsi également enfin finalement bref correctement
correct correcte convenablement bon bonne bons bonnes meilleur meilleure mieux proprement facilement facile
efficacement merci svp stp bonjour salut bonsoir coucou plaît plait hello pardon excusez excuse moi toi lui nous
vous eux mon ma mes ton ta tes son sa ses notre votre leur leurs ce cet cette ces ceci cela ça celui celle ceux
là ici y en dont lequel laquelle lesquels lesquelles quel quelle quels quelles que le la les l un une des d de
du au aux à pour par afin si car puisque concrètement pratique pratiquement éventuel éventuelle éventuellement
utile importante principalement disponible disponibles valable applicable appliquer préférer préférable voir
voit remarquer constater apparaître apparaît survient dérouler déroule venir vient viennent aller va vais vont
suivant suivante suivants suivantes ci intéresser intéresse intéressant pense penser crois croire veuillez prie
posséder possède possèdent disposer dispose détenir ressentir ressens considéré considérée considérer considère
prévoir prévu prévue appelé appelée nommé nommée dénommé situé située situés situées situer localisé localisée
effectuée réalisée utilisée utilisés utilisées obtenue propose proposer suggère suggérer suggestion idée idées
élaborer permettrait souhaitez désirez voulez voudrions devrons devra pourra pourras pourrai pourront fera
faisant étant ayant utilisant proposent réalisées effectués effectuées recommandés recommandées adaptés adaptées
appropriés appropriées nécessaires requises autorisés autorisées conseillés conseillées possibles prévus prévues
concernés concernée concerné consistant façons manières moyens étapes astuces techniques conseils solutions
sortes genres démarches sachant trouvé trouvée fournit fourni formule commande fonctionnement fonctionne sens
expression concept notion principe période vs versus salarié forme terme termes chaque poste simple simples
important nécessite recommandation recommandations fonctionner différence présent
`
