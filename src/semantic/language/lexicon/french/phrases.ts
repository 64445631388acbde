/** What several words mean: `from > to`. */
export const phrases = `
d où vient que > pourquoi | d où vient > pourquoi | qu est ce qui explique > pourquoi |
états unis > états-unis | royaume uni > royaume-uni | qu est-ce que > que | qu est-ce qui > que |
est-ce que > est | est-ce qu > est | pour quelle raison > pourquoi | pour quelles raisons > pourquoi |
quelle est la raison > pourquoi | quelles sont les raisons > pourquoi | à cause de quoi > pourquoi |
en quelle année > quand | quelle année > quand | à quelle date > quand | à quelle heure > quand |
quel jour > quand | dans quel pays > où | dans quelle ville > où | à quel endroit > où |
quel est le prix > combien coûte | quel est le coût > combien coûte | quel est le nombre > combien |
combien de temps > combien-temps | quelle est la différence > différence |
quelles sont les différences > différence | en quoi diffèrent > différence |
qu est ce qui différencie > différence | différences > différence | un mot > 1 mot | une phrase > 1 phrase |
une seule phrase > 1 phrase | e-mail > email | courriel > email | états-unis > étatsunis | usa > étatsunis |
comment dit-on > traduire | comment dit on > traduire | mail > email | wi-fi > wifi |
comment se fait-il que > pourquoi | comment se fait il que > pourquoi | se fait il que > pourquoi |
quelle est l heure d ouverture > quand ouvre | quels sont les horaires d ouverture > quand ouvre |
que faire contre > comment soigner | que faire en cas de > comment soigner |
que puis-je faire contre > comment soigner | pour cent > % | centre-ville > centre | centre ville > centre |
temps de cuisson > combien-temps cuire | salle de sport > gym | ticket de caisse > reçu |
est ce que je peux > peut on | est ce que je pourrais > peut on | est ce que je dois > faut il |
est ce qu on peut > peut on | est ce qu on doit > faut il | est ce qu il faut > faut il |
est ce qu il est possible de > peut on | est ce que c est possible de > peut on | est ce possible de > peut on |
est il possible de > peut on | est il possible d > peut on | c est possible de > peut on |
serait il possible de > peut on | y a t il moyen de > peut on | y a t il un moyen de > peut on |
existe t il un moyen de > peut on | existe t il une façon de > peut on | a t on le droit de > peut on |
ai je le droit de > peut on | est ce que j ai le droit de > peut on | est ce qu on a le droit de > peut on |
est il permis de > peut on | est il autorisé de > peut on | est ce autorisé de > peut on |
est ce permis de > peut on | suis je autorisé à > peut on | suis je en droit de > peut on |
est on autorisé à > peut on | puis je > peut on | pourrais je > peut on | pourrait on > peut on |
peut il y avoir > y a t il | est ce qu il y a > y a t il | existe t il > y a t il |
existe t il des > y a t il des | est ce qu il existe > y a t il | est ce normal que > est il normal que |
est ce que c est normal > est ce normal | est ce grave si > est il grave si | dois je > faut il |
doit on > faut il | devrais je > faut il | devrait on > faut il | faudrait il > faut il |
est il nécessaire de > faut il | est ce nécessaire de > faut il | est il obligatoire de > faut il |
est ce obligatoire de > faut il | est ce que je suis obligé de > faut il | suis je obligé de > faut il |
suis je obligée de > faut il | suis je tenu de > faut il | est on obligé de > faut il |
est on tenu de > faut il | a t on besoin de > faut il | ai je besoin de > faut il |
a t on l obligation de > faut il | est il conseillé de > faut il | est il recommandé de > faut il |
vaut il mieux > faut il | est il préférable de > faut il | est il utile de > faut il | est ce que > est |
est ce qu > est | qu est ce que c est que > qu est ce que | qu est ce que c est > qu est ce que |
c est quoi un > qu est ce qu un | c est quoi une > qu est ce qu une | c est quoi le > qu est ce que le |
c est quoi la > qu est ce que la | c est quoi les > qu est ce que les | c est quoi > qu est ce que |
qu est ce qu un > qu est ce que | qu est ce qu une > qu est ce que | qu entend on par > qu est ce que |
qu appelle t on > qu est ce que | qu est ce qu on appelle > qu est ce que |
que signifie l expression > que veut dire | que veut dire le mot > que veut dire |
que veut dire le terme > que veut dire | que veut dire l expression > que veut dire |
qu est ce que signifie > que veut dire | qu est ce que ça veut dire > que veut dire |
qu est ce que veut dire > que veut dire | quel est le sens du mot > que veut dire |
quelle est la signification de > que veut dire | quelle est la signification du mot > que veut dire |
quelle est la définition de > que veut dire | donne moi la définition de > que veut dire |
ça veut dire quoi > que veut dire | ça signifie quoi > que veut dire | comment définir > que veut dire |
qu est ce qui fait que > pourquoi | qu est ce qui explique que > pourquoi | comment se fait il qu > pourquoi |
comment ça se fait que > pourquoi | comment expliquer que > pourquoi | comment expliquez vous que > pourquoi |
pour quel motif > pourquoi | quelle est la raison pour laquelle > pourquoi |
quelles sont les raisons pour lesquelles > pourquoi | quelle est la raison de > pourquoi |
en quel honneur > pourquoi | à quoi est dû > pourquoi | à quoi est due > pourquoi | à quoi sont dus > pourquoi |
pourquoi est ce que > pourquoi | pourquoi est ce qu > pourquoi | pourquoi donc > pourquoi |
dans quel but > pourquoi | à quelle fin > pourquoi | comment est ce que je peux > comment |
comment est ce que je > comment | comment est ce qu on > comment | comment est ce que > comment |
comment puis je > comment | comment peut on > comment | comment pourrais je > comment |
comment pourrait on > comment | comment dois je faire pour > comment | comment dois je > comment |
comment doit on > comment | comment devrais je > comment | comment fait on pour > comment |
comment fait on > comment | comment faire pour > comment | comment faire > comment |
comment faire afin de > comment | comment faut il faire pour > comment | comment faut il > comment |
comment je peux > comment | comment je fais pour > comment | comment je dois faire pour > comment |
comment on fait pour > comment | comment on peut > comment | comment on fait > comment |
comment s y prendre pour > comment | comment dois je m y prendre pour > comment |
comment puis je m y prendre pour > comment | comment procéder pour > comment |
comment dois je procéder pour > comment | comment arriver à > comment | comment parvenir à > comment |
comment réussir à > comment | comment est il possible de > comment | de quelle façon > comment |
de quelle manière > comment | de quelle façon peut on > comment | de quelle manière puis je > comment |
par quel moyen > comment | par quels moyens > comment | quelle est la façon de > comment |
quelle est la manière de > comment | quelle est la meilleure façon de > comment |
quelle est la meilleure manière de > comment | quel est le meilleur moyen de > comment |
quel est le moyen de > comment | quels sont les moyens de > comment | quelle est la bonne façon de > comment |
quelle est la bonne manière de > comment | quelle est la méthode pour > comment |
quelle est la meilleure méthode pour > comment | quelle est la procédure pour > comment |
quelle est la marche à suivre pour > comment | quelle est la démarche pour > comment |
quelles sont les démarches pour > comment | quelles sont les étapes pour > comment |
quelles démarches pour > comment | quelle procédure pour > comment | quelle méthode pour > comment |
quelle technique pour > comment | quelle astuce pour > comment |
quelle commande pour > quelle commande permet de | quelle solution pour > comment | que faire pour > comment |
que dois je faire pour > comment | que faut il faire pour > comment | que puis je faire pour > comment |
qu est ce que je dois faire pour > comment | qu est ce qu il faut faire pour > comment |
qu est ce que je peux faire pour > comment | existe t il une astuce pour > comment |
as tu une astuce pour > comment | avez vous une astuce pour > comment | des conseils pour > comment |
un conseil pour > comment | des astuces pour > comment | une idée pour > comment |
une idée de comment > comment | j aimerais savoir comment > comment | je voudrais savoir comment > comment |
je souhaiterais savoir comment > comment | je souhaite savoir comment > comment |
je cherche à savoir comment > comment | je me demande comment > comment | je me demandais comment > comment |
je ne sais pas comment > comment | je sais pas comment > comment | je cherche comment > comment |
je cherche un moyen de > comment | je cherche une façon de > comment | je cherche à > comment |
j ai besoin de savoir comment > comment | dis moi comment > comment | dites moi comment > comment |
explique moi comment > comment | expliquez moi comment > comment | montre moi comment > comment |
montrez moi comment > comment | indique moi comment > comment | peux tu me dire comment > comment |
peux tu m expliquer comment > comment | peux tu me montrer comment > comment |
pouvez vous me dire comment > comment | pouvez vous m expliquer comment > comment |
pouvez vous m indiquer comment > comment | pouvez vous me montrer comment > comment |
pourrais tu me dire comment > comment | pourrais tu m expliquer comment > comment |
pourriez vous me dire comment > comment | pourriez vous m expliquer comment > comment |
pourriez vous m indiquer comment > comment | sais tu comment > comment | savez vous comment > comment |
tu sais comment > comment | vous savez comment > comment | tu saurais comment > comment |
quelqu un sait comment > comment | quelqu un sait il comment > comment | est ce que tu sais comment > comment |
est ce que vous savez comment > comment | aurais tu une idée de comment > comment | aidez moi à > comment |
aide moi à > comment | peux tu m aider à > comment | pouvez vous m aider à > comment |
pourriez vous m aider à > comment | j ai besoin d aide pour > comment | besoin d aide pour > comment |
je voudrais savoir pourquoi > pourquoi | j aimerais savoir pourquoi > pourquoi |
je me demande pourquoi > pourquoi | dis moi pourquoi > pourquoi | dites moi pourquoi > pourquoi |
explique moi pourquoi > pourquoi | expliquez moi pourquoi > pourquoi | peux tu m expliquer pourquoi > pourquoi |
pouvez vous m expliquer pourquoi > pourquoi | sais tu pourquoi > pourquoi | savez vous pourquoi > pourquoi |
je ne comprends pas pourquoi > pourquoi | je comprends pas pourquoi > pourquoi | je voudrais savoir > |
j aimerais savoir > | j aimerais bien savoir > | je souhaiterais savoir > | je souhaite savoir > |
je voudrais connaître > | j aimerais connaître > | je souhaiterais connaître > | j aimerais que tu me dises > |
je voudrais que tu me dises > | je voulais savoir > | je voulais vous demander > | je voulais te demander > |
j ai une question sur > | j ai une question concernant > | petite question > | une petite question > |
j espérais que vous pourriez me dire > | je me demandais > | je me demande > | je me demandais si > |
je me demande si > | j aimerais savoir si > | je voudrais savoir si > | je voulais savoir si > | sais tu si > |
savez vous si > | peux tu me dire > | peux tu me dire si > | pouvez vous me dire > | pouvez vous me dire si > |
pourrais tu me dire > | pourriez vous me dire > | pourriez vous me dire si > | pourriez vous m indiquer > |
pouvez vous m indiquer > | peux tu m indiquer > | peux tu me donner > | pouvez vous me donner > |
pourriez vous me donner > | peux tu me fournir > | peux tu m expliquer > | pouvez vous m expliquer > |
pourriez vous m expliquer > | pourrais tu m expliquer > | peux tu > | pouvez vous > | pourrais tu > |
pourriez vous > | est ce que tu peux > est | est ce que vous pouvez > est | est ce que tu pourrais > est |
est ce que vous pourriez > est | tu pourrais > | auriez vous > | dis moi > | dites moi > | explique moi > |
expliquez moi > | donne moi > | donnez moi > | indique moi > | indiquez moi > | montre moi > | montrez moi > |
aide moi > | aidez moi > | parle moi de > | parlez moi de > | sais tu > | savez vous > | connais tu > |
connaissez vous > | merci de m expliquer > | merci de me dire > | merci d avance > | merci beaucoup > |
merci pour votre aide > | s il te plaît > | s il vous plaît > | s il te plait > | s il vous plait > |
je t en prie > | je vous prie > | je vous en prie > | par avance > | en vous remerciant > | tout d abord > |
au fait > | à propos de > sur | au sujet de > sur | en ce qui concerne > sur | en matière de > sur |
à l égard de > sur | par rapport à > sur | combien de temps faut il pour > combien de temps |
combien de temps dure > combien de temps | combien de temps prend > combien de temps |
combien de temps cela prend il > combien de temps | combien de temps met > combien de temps |
combien de temps faut il compter pour > combien de temps | combien de temps faut il > combien de temps |
pendant combien de temps > combien de temps | durant combien de temps > combien de temps |
pour combien de temps > combien de temps | quelle est la durée de > combien de temps |
quelle est la durée du > combien de temps | quelle durée pour > combien de temps |
quel temps faut il pour > combien de temps | au bout de combien de temps > après combien de temps |
à quelle fréquence > combien de fois | tous les combien > combien de fois |
tous les combien de temps > combien de fois | quelle est la fréquence de > combien de fois |
à quel rythme > combien de fois | à quel intervalle > combien de fois | quel est le nombre de > combien de |
quel est le nombre d > combien de | quel nombre de > combien de | quelle quantité de > combien de |
quelle est la quantité de > combien de | quel est le nombre total de > combien de |
combien y a t il de > combien de | combien existe t il de > combien de | combien compte t on de > combien de |
combien faut il de > combien de | quel est le nombre d habitants > quelle est la population |
quel est le prix de > combien coûte | quel est le prix du > combien coûte | quel est le prix d > combien coûte |
quel est le coût de > combien coûte | quel est le coût d > combien coûte |
quel est le tarif de > combien coûte | quel est le tarif d > combien coûte | à quel prix > combien coûte |
quel prix pour > combien coûte | quel coût pour > combien coûte | quel tarif pour > combien coûte |
combien ça coûte > combien coûte | combien est ce que coûte > combien coûte |
combien cela coûte t il > combien coûte | combien faut il payer pour > combien coûte |
combien dois je payer pour > combien coûte | ça coûte combien > combien coûte |
combien mesure t il > combien mesure | quel est le poids de > combien pèse |
quel est le poids du > combien pèse | quel est le poids d > combien pèse | combien pèse t il > combien pèse |
quel âge a > quel est l âge de | quel âge ont > quel est l âge de | à quel moment > quand |
à quelle époque > quand | à quelle période > quand | à partir de quand > dès quand |
quel est le moment pour > quand | quel est le meilleur moment pour > quand |
quelle est la meilleure période pour > quand | quelle est la date de > quand | quelle est la date du > quand |
c est quand > quand | c est quand que > quand | quand est ce que > quand | quand est ce qu > quand |
jusqu à quelle date > jusqu à quand | en quel lieu > où | dans quel endroit > où | dans quel lieu > où |
où est ce que > où | où est ce qu > où | où est situé > où est | où est située > où est | où se situe > où est |
où se trouve > où est | où se trouvent > où sont | où se situent > où sont | où est ce que se trouve > où est |
où ça se trouve > où est | c est où > où est | quel est l emplacement de > où est |
où puis je trouver > où trouver | où peut on trouver > où trouver | où est ce que je peux trouver > où trouver |
où puis je acheter > où acheter | où peut on acheter > où acheter | où puis je > où | où peut on > où |
qui est ce qui > qui | qui est ce que > qui | quelle est la personne qui > qui | quelle personne > qui |
quel est le nom de la personne qui > qui | comment s appelle > quel est le nom de |
comment s appelle le > quel est le nom du | comment s appelle la > quel est le nom de la |
comment appelle t on > quel est le nom de | comment nomme t on > quel est le nom de |
comment se nomme > quel est le nom de | quel nom porte > quel est le nom de |
quel nom donne t on à > quel est le nom de | qui est l auteur de > qui a écrit |
quel est l auteur de > qui a écrit | qui est l inventeur de > qui a inventé |
qui est l inventeur du > qui a inventé | quel est l inventeur de > qui a inventé |
qui est le fondateur de > qui a fondé | qui est le créateur de > qui a créé |
qui est le compositeur de > qui a composé | qui est le réalisateur de > qui a réalisé |
qui est le peintre de > qui a peint | qui est à l origine de > qui a créé |
quelle est la différence entre > différence entre | quelles sont les différences entre > différence entre |
quelle différence y a t il entre > différence entre | quelle différence entre > différence entre |
quelle différence existe t il entre > différence entre | en quoi diffèrent > différence entre |
qu est ce qui différencie > différence entre | qu est ce qui distingue > différence entre |
comment faire la différence entre > différence entre | explique la différence entre > différence entre |
quel est le rôle de > à quoi sert | quel est le rôle du > à quoi sert |
quelle est la fonction de > à quoi sert | quelle est la fonction du > à quoi sert |
quelle est l utilité de > à quoi sert | quelle est l utilité d > à quoi sert |
quelle est l utilisation de > à quoi sert | que fait la commande > à quoi sert la commande |
quels sont les symptômes de > symptômes de | quels sont les signes de > symptômes de |
comment se manifeste > symptômes de | quels sont les avantages de > avantages de |
quel est l avantage de > avantages de | quels sont les bienfaits de > bienfaits de |
quels sont les inconvénients de > inconvénients de | le pour et le contre > avantages et inconvénients |
les plus et les moins > avantages et inconvénients | quels sont les > quels | quelles sont les > quelles |
lesquels sont > quels | qu est ce que > que | qu est ce qu > que | que faut il > que | que doit on > que |
que peut on > que | que puis je > que | que dois je > que | que faire en cas de > que faire si |
quoi faire > que faire | quoi faire si > que faire si | qu est ce que je fais si > que faire si |
comment réagir en cas de > que faire si | comment réagir si > que faire si |
que se passe t il si > que se passe t il quand | qu arrive t il si > que se passe t il quand |
qu arrive t il quand > que se passe t il quand | qu est ce qui se passe si > que se passe t il quand |
qu est ce qui se passe quand > que se passe t il quand | qu est ce qui arrive si > que se passe t il quand |
que va t il se passer si > que se passe t il quand | en cas de > quand | à condition que > si |
pourvu que > si | lors de > pendant | lors d > pendant | au cours de > pendant | au cours du > pendant |
tout au long de > pendant | au moment de > quand | dès que > quand | une fois que > quand |
aussitôt que > quand | afin de > pour | afin d > pour | afin que > pour que | dans le but de > pour |
en vue de > pour | de manière à > pour | de façon à > pour | histoire de > pour | destiné à > pour |
destinée à > pour | à cause de > car | en raison de > car | étant donné que > car | du fait que > car |
vu que > car | à l aide de > avec | à l aide d > avec | au moyen de > avec | au moyen d > avec |
grâce à > avec | en utilisant > avec | par le biais de > via | par l intermédiaire de > via |
à l intérieur de > dans | à l intérieur d > dans | au sein de > dans | à l extérieur de > hors de |
en dehors de > hors de | à côté de > près de | à proximité de > près de | aux alentours de > près de |
aux environs de > près de | non loin de > près de | en dessous de > sous | au dessous de > sous |
à la place de > au lieu de | plutôt que de > au lieu de | en remplacement de > au lieu de |
en guise de > comme | en tant que > comme | à part > sauf | à l exception de > sauf | mis à part > sauf |
jusqu à ce que > jusqu à | y compris > incluant | ainsi que > et | de même que > et | ou bien > ou |
ou alors > ou | le plus vite possible > rapidement | le plus rapidement possible > rapidement |
aussi vite que possible > rapidement | au plus vite > rapidement | au plus tôt > rapidement |
dès que possible > rapidement | en urgence > rapidement | sans attendre > immédiatement |
sans tarder > immédiatement | tout de suite > immédiatement | sur le champ > immédiatement |
en peu de temps > rapidement | à toute vitesse > rapidement | sans effort > facilement |
sans peine > facilement | sans difficulté > facilement | de façon simple > facilement |
de manière simple > facilement | de façon efficace > efficacement | de manière efficace > efficacement |
de façon correcte > correctement | de manière correcte > correctement | comme il faut > correctement |
de façon automatique > automatiquement | de manière automatique > automatiquement |
de manière définitive > définitivement | de façon définitive > définitivement | pour toujours > définitivement |
une fois pour toutes > définitivement | à jamais > définitivement | de façon permanente > définitivement |
de manière permanente > définitivement | de façon naturelle > naturellement |
de manière naturelle > naturellement | de façon sécurisée > en sécurité | en toute sécurité > en sécurité |
sans danger > en sécurité | de temps en temps > parfois | de temps à autre > parfois | quelques fois > parfois |
la plupart du temps > généralement | en général > généralement | en règle générale > généralement |
d habitude > généralement | à peu près > environ | plus ou moins > environ | à la fois > simultanément |
en même temps > simultanément | au même moment > simultanément | de nos jours > aujourd hui |
à l heure actuelle > actuellement | à présent > actuellement | en ce moment > actuellement |
pour le moment > actuellement | pour l instant > actuellement | à l origine > initialement |
au départ > initialement | au début > initialement | en fin de compte > finalement | à l avenir > dorénavant |
à nouveau > encore | de nouveau > encore | une nouvelle fois > encore | encore une fois > encore |
à la maison > chez soi | chez moi > chez soi | à domicile > chez soi | fait maison > maison |
sans frais > gratuitement | sans payer > gratuitement | à titre gratuit > gratuitement |
sans rien payer > gratuitement | à titre gracieux > gratuitement | pas cher > bon marché |
à bas prix > bon marché | à petit prix > bon marché | à moindre coût > bon marché | en ligne > sur internet |
sur le web > sur internet | sur le net > sur internet | via internet > sur internet |
par internet > sur internet | bon nombre de > beaucoup de | un grand nombre de > beaucoup de |
un tas de > beaucoup de | un paquet de > beaucoup de | une multitude de > beaucoup de |
un petit peu de > un peu de | se débarrasser de > éliminer | se débarrasser des > éliminer |
se débarrasser du > éliminer | se débarrasser d > éliminer | me débarrasser de > éliminer |
me débarrasser des > éliminer | me débarrasser du > éliminer | débarrasser de > éliminer |
venir à bout de > éliminer | venir à bout des > éliminer | faire disparaître > éliminer |
faire partir > éliminer | mettre fin à > arrêter | mettre un terme à > arrêter | mettre à jour > actualiser |
mise à jour > actualisation | faire la mise à jour de > actualiser | faire une mise à jour de > actualiser |
mettre en œuvre > appliquer | mettre en marche > allumer | mettre en route > allumer |
mettre en service > activer | mettre hors service > désactiver | mettre en ligne > publier |
mettre en vente > vendre | mettre de côté > économiser | mettre de l argent de côté > économiser |
mettre la main sur > trouver | mettre à la porte > licencier | mettre au monde > accoucher |
donner naissance à > accoucher | mettre en mémoire > mémoriser | mettre sous tension > allumer |
mettre hors tension > éteindre | mettre à zéro > réinitialiser | remettre à zéro > réinitialiser |
remise à zéro > réinitialisation | remettre aux paramètres d usine > réinitialiser |
restaurer les paramètres d usine > réinitialiser | revenir aux paramètres d usine > réinitialiser |
mettre en forme > formater | mise en forme > formatage | mettre en relation > relier |
mettre en évidence > souligner | mettre à l abri > protéger | mettre au courant > informer |
mettre en colère > énerver | se mettre en colère > s énerver | prendre soin de > entretenir |
prendre soin d > entretenir | prendre soin du > entretenir | faire pousser > cultiver |
prendre du poids > grossir | perdre du poids > maigrir | perdre des kilos > maigrir |
perte de poids > amaigrissement | perdre la vie > mourir | passer l arme à gauche > mourir |
prendre fin > finir | prendre part à > participer | prendre contact avec > contacter |
entrer en contact avec > contacter | se mettre en contact avec > contacter |
rentrer en contact avec > contacter | prendre une photo de > photographier | prendre en photo > photographier |
prendre une douche > se doucher | prendre un bain > se baigner | prendre la fuite > fuir |
prendre feu > brûler | prendre une décision > décider | prendre la décision de > décider |
prendre en compte > considérer | tenir compte de > considérer | prendre place > s asseoir |
prendre rendez vous > rendez vous | rendez vous > rdv | faire un achat > acheter | faire l achat de > acheter |
faire des achats > acheter | faire l acquisition de > acheter | faire un don > donner |
faire un virement > virer | effectuer un virement > virer | faire un remboursement > rembourser |
demander un remboursement > remboursement | demander le remboursement de > remboursement |
obtenir un remboursement > remboursement | obtenir le remboursement de > remboursement |
me faire rembourser > remboursement | se faire rembourser > remboursement | être remboursé > remboursement |
récupérer mon argent > remboursement | passer une commande > commander | passer commande > commander |
faire une commande > commander | annuler ma commande > annulation de commande |
faire une réservation > réserver | effectuer une réservation > réserver | faire un paiement > payer |
effectuer un paiement > payer | faire une recherche > rechercher | effectuer une recherche > rechercher |
faire un calcul > calculer | effectuer un calcul > calculer | faire une copie de > copier |
faire une sauvegarde de > sauvegarder | effectuer une sauvegarde de > sauvegarder |
créer une sauvegarde de > sauvegarder | faire une capture d écran > screenshot |
prendre une capture d écran > screenshot | prendre un screenshot > screenshot |
faire un screenshot > screenshot | faire une capture de l écran > screenshot | capture d écran > screenshot |
faire la comparaison entre > comparer | faire une liste de > lister | dresser la liste de > lister |
dresser une liste de > lister | faire la liste de > lister | faire la lessive > laver le linge |
faire une lessive > laver le linge | faire la vaisselle > laver la vaisselle | faire le ménage > nettoyer |
faire la cuisine > cuisiner | faire à manger > cuisiner | faire cuire > cuire | faire bouillir > bouillir |
faire frire > frire | faire griller > griller | faire rôtir > rôtir | faire mijoter > mijoter |
faire fondre > fondre | faire réchauffer > réchauffer | faire sécher > sécher | faire dégeler > décongeler |
faire décongeler > décongeler | faire mariner > mariner | faire germer > germer | faire fonctionner > utiliser |
faire marcher > utiliser | faire usage de > utiliser | se servir de > utiliser | se servir d > utiliser |
me servir de > utiliser | avoir recours à > utiliser | faire appel à > utiliser | faire baisser > baisser |
faire diminuer > baisser | faire augmenter > augmenter | faire monter > augmenter | faire peur à > effrayer |
faire partie de > appartenir | faire face à > affronter | faire confiance à > croire |
faire la connaissance de > rencontrer | faire la différence > distinguer | faire un résumé de > résumer |
faire le résumé de > résumer | fais un résumé de > résume | fais moi un résumé de > résume |
écris un résumé de > résume | faire une traduction de > traduire | traduis en > traduire en |
fais une traduction de > traduis | comment dit on en > traduire en | comment se dit > traduire |
comment traduire > traduire | comment traduit on > traduire | quelle est la traduction de > traduire |
quelle est la traduction en > traduire en | comment écrit on > comment s écrit |
comment orthographier > comment s écrit | comment s orthographie > comment s écrit |
quelle est l orthographe de > comment s écrit | quelle est la bonne orthographe de > comment s écrit |
comment prononcer > comment se prononce | comment prononce t on > comment se prononce |
quelle est la prononciation de > comment se prononce | faire de l exercice > exercice | faire du sport > sport |
faire du vélo > vélo | rendre visite à > visiter | rendre service à > aider | venir en aide à > aider |
porter secours à > secourir | donner un coup de main à > aider | donner un coup de fil à > téléphoner |
passer un coup de fil à > téléphoner | passer un appel > téléphoner | donner son avis > avis |
avoir peur de > craindre | avoir besoin de > besoin | avoir lieu > se dérouler | avoir mal à > douleur |
j ai mal au > douleur au | j ai mal à la > douleur à la | j ai mal à l > douleur à l |
j ai mal aux > douleur aux | mal de dos > douleur dos | mal au dos > douleur dos | maux de dos > douleur dos |
mal de ventre > douleur ventre | mal au ventre > douleur ventre | maux de ventre > douleur ventre |
mal de gorge > douleur gorge | mal à la gorge > douleur gorge | maux de gorge > douleur gorge |
mal de tête > céphalée | mal à la tête > céphalée | maux de tête > céphalée | mal de dents > douleur dents |
mal aux dents > douleur dents | rage de dents > douleur dents | avoir faim > faim | avoir soif > soif |
avoir sommeil > fatigué | être en colère > fâché | être enceinte > enceinte | tomber enceinte > enceinte |
tomber en panne > panne | est tombé en panne > panne | en panne > cassé | ne fonctionne pas > en panne |
ne fonctionne plus > en panne | ne marche pas > en panne | ne marche plus > en panne | marche pas > en panne |
marche plus > en panne | fonctionne pas > en panne | fonctionne plus > en panne | hors service > en panne |
ne s allume plus > refuse de s allumer | ne s allume pas > refuse de s allumer |
ne démarre plus > refuse de démarrer | ne démarre pas > refuse de démarrer | tomber malade > malade |
tomber amoureux de > amoureux | tomber par terre > tomber | s endormir > dormir | arriver à dormir > dormir |
réussir à dormir > dormir | trouver le sommeil > dormir | passer l aspirateur > aspirer |
passer le permis > permis | passer un examen > examen | renvoyer un article > retourner un article |
renvoyer un colis > retourner un colis | renvoyer un produit > retourner un produit |
retourner un produit > retourner un article | faire un retour > retourner | effectuer un retour > retourner |
changer d adresse > modifier adresse | changer mon adresse > modifier adresse |
changement d adresse > modifier adresse | changer mon mot de passe > modifier mot de passe |
changer de mot de passe > modifier mot de passe | changement de mot de passe > modifier mot de passe |
mot de passe > mdp | nom d utilisateur > identifiant | nom utilisateur > identifiant |
se connecter à mon compte > connexion compte | me connecter à mon compte > connexion compte |
accéder à mon compte > connexion compte | se désabonner de > désabonner |
fermer mon compte > supprimer mon compte | clôturer mon compte > supprimer mon compte |
effacer mon compte > supprimer mon compte | créer un compte > ouvrir un compte |
moyen de paiement > mode de paiement | moyens de paiement > mode de paiement |
modes de paiement > mode de paiement | frais de port > frais de livraison | frais d envoi > frais de livraison |
frais d expédition > frais de livraison | délai de livraison > temps de livraison |
service client > service clientèle | service clients > service clientèle | service après vente > sav |
adresse mail > email | adresse email > email | adresse e mail > email | e mail > email |
courrier électronique > email | adresse électronique > email | code promo > code de réduction |
code promotionnel > code de réduction | bon de réduction > coupon | bon d achat > bon cadeau |
carte bancaire > cb | carte bleue > cb | carte de paiement > cb | distributeur de billets > distributeur |
argent liquide > espèces | en liquide > espèces | en espèces > espèces | bulletin de salaire > fiche de paie |
fiche de salaire > fiche de paie | feuille de paie > fiche de paie | bulletin de paie > fiche de paie |
congés payés > congés | arrêt maladie > arrêt de travail | congé maladie > arrêt de travail |
entretien d embauche > entretien | entretien d emploi > entretien | demandeur d emploi > chômeur |
sans emploi > au chômage | congé de maternité > congé maternité | contrat à durée indéterminée > cdi |
contrat à durée déterminée > cdd | taxe sur la valeur ajoutée > tva | produit intérieur brut > pib |
carte d identité > cni | carte nationale d identité > cni | sécurité sociale > sécu |
accident vasculaire cérébral > avc | attaque cérébrale > avc | crise cardiaque > infarctus |
infarctus du myocarde > infarctus | attaque cardiaque > infarctus | tension artérielle > tension |
pression artérielle > tension | taux de sucre dans le sang > glycémie | sucre dans le sang > glycémie |
taux de glycémie > glycémie | prise de sang > analyse sanguine | analyse de sang > analyse sanguine |
brûlures d estomac > reflux | remontées acides > reflux | reflux gastrique > reflux |
nez bouché > congestion nasale | saignement de nez > épistaxis | saigner du nez > épistaxis |
saignements de nez > épistaxis | règles douloureuses > douleurs menstruelles | gueule de bois > veisalgie |
pomme de terre > patate | pommes de terre > patates | huile d olive > huile olive |
bicarbonate de soude > bicarbonate | bicarbonate de sodium > bicarbonate | levure chimique > poudre à lever |
poudre à pâte > poudre à lever | machine à laver > lave linge | four à micro ondes > micro ondes |
four micro ondes > micro ondes | sèche linge > sécheuse | papier alu > papier aluminium |
papier d aluminium > papier aluminium | papier sulfurisé > papier cuisson | film alimentaire > film plastique |
salle de bains > salle de bain | petit déjeuner > petit déj | petit dej > petit déj |
fruit de mer > fruits de mer | véhicule d occasion > voiture d occasion | de seconde main > d occasion |
permis de conduire > permis | transport en commun > transports publics |
transports en commun > transports publics | grand père > papi | grand mère > mamie | petit ami > copain |
petite amie > copine | animal de compagnie > animal domestique | animaux de compagnie > animaux domestiques |
réseaux sociaux > médias sociaux | réseau social > média social | intelligence artificielle > ia |
apprentissage automatique > machine learning | apprentissage profond > deep learning |
système d exploitation > os | base de données > bdd | bases de données > bdd | disque dur > hdd |
carte graphique > gpu | carte mère > motherboard | mémoire vive > ram | invite de commandes > terminal |
invite de commande > terminal | feuille de calcul > tableur | pièce jointe > pj | pièces jointes > pj |
page web > page internet | site web > site | site internet > site | adresse ip > ip | nom de domaine > domaine |
message d erreur > erreur | chaîne de caractères > string | chaînes de caractères > string |
chaine de caractères > string | nombre entier > entier | nombre à virgule > flottant |
nombre à virgule flottante > flottant | expression régulière > regex | expressions régulières > regex |
expression rationnelle > regex | clé primaire > primary key | clé étrangère > foreign key |
variable d environnement > env var | variables d environnement > env var |
gestionnaire de paquets > package manager | téléphone portable > smartphone | téléphone mobile > smartphone |
téléphone intelligent > smartphone | téléphone cellulaire > smartphone | ordinateur portable > laptop |
pc portable > laptop | ordinateurs portables > laptop | fuseau horaire > timezone |
états unis d amérique > états unis | grande bretagne > royaume uni | union européenne > ue |
seconde guerre mondiale > 2e guerre mondiale | deuxième guerre mondiale > 2e guerre mondiale |
première guerre mondiale > 1re guerre mondiale | grande guerre > 1re guerre mondiale |
la guerre de 14 > 1re guerre mondiale | jeux olympiques > jo | bande originale > musique de film |
bande son > musique de film | bande annonce > trailer | long métrage > film |
quels sont les acteurs de > acteurs de | petit à petit > progressivement | peu à peu > progressivement |
au fur et à mesure > progressivement | tout à coup > soudainement | tout d un coup > soudainement |
d un coup > soudainement | en secret > secrètement | à voix haute > à haute voix | par cœur > de mémoire |
et ainsi de suite > etc | et cetera > etc | en outre > de plus | par ailleurs > de plus | en plus de > outre |
tout de même > quand même | malgré tout > quand même | en dépit de > malgré | avoir du mal à > difficulté à |
avoir des difficultés à > difficulté à | j ai du mal à > difficulté à | un mot pour dire > synonyme de |
autre mot pour > synonyme de | un autre mot pour > synonyme de | mot similaire à > synonyme de |
le contraire de > antonyme de | l inverse de > antonyme de | quel est le contraire de > antonyme de |
quel est l opposé de > antonyme de | quel est l inverse de > antonyme de | quel est le pluriel de > pluriel de |
comment écrire au pluriel > pluriel de | comment met on au pluriel > pluriel de |
mettre au pluriel > pluriel de | quel est le féminin de > féminin de | comment conjuguer > conjugaison de |
comment se conjugue > conjugaison de | quelle est la conjugaison de > conjugaison de |
quelle est la capitale de > capitale de | quelle ville est la capitale de > capitale de |
quelle est la formule de > formule de | quelle est la formule pour > formule de |
quelle est la valeur de > combien vaut | quel est le résultat de > combien fait | combien font > combien fait |
ça fait combien > combien fait | résous l équation > résoudre équation | corrige les fautes de > corrige |
corriger les fautes de > corriger | corrige l orthographe de > corrige | reformule cette phrase > reformule |
réécris cette phrase > reformule | dis le autrement > reformule | dire autrement > reformuler |
dire d une autre façon > reformuler | en d autres termes > autrement | à quoi servent > à quoi sert |
à quoi ça sert > à quoi sert | que signifie le mot > que veut dire | que signifie le terme > que veut dire |
que signifie > que veut dire | que veulent dire > que veut dire | quelle est la hauteur de > combien mesure |
quelle est la taille de > combien mesure | ligne de commande > terminal |
en ligne de commande > dans le terminal | combien il y a de > combien de
`
