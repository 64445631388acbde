/** Words that narrow a question by being there. */
export const narrow = `
enfant bambin bébé nourrisson nouveau-né ado adolescent adolescente adulte féminine masculin fille garçon senior
retraité âgé débutant débutante novice intermédiaire expert professionnel pro amateur étudiant étudiante élève
professeur employeur indépendant voyageur voyageuse visiteur visiteuse enceinte grossesse allaitante allaitement
diabétique végan vegan végétalien végétarien végétarienne cœliaque chien chiot chat chaton cheval famille
familial couple solo groupe célibataire parent fauteuil handicapé aveugle sourd sourde autiste sportif sportive
propriétaire locataire réfugié quotidien quotidienne hebdomadaire mensuel mensuelle trimestriel annuel annuelle
nuit nocturne matin matinal après-midi midi minuit soir soirée week-end weekend hiver hivernal printemps automne
saisonnier saisonnière noël pâques halloween vacances férié tôt précoce tard tardif tardive deuxième troisième
initial ancien ancienne antique médiéval futur récent récemment immédiatement instantanément longtemps
rétroactif demi moitié partiel partielle partiellement multiple double triple fréquent fréquemment régulièrement
occasionnel occasionnellement rarement toujours jamais illimité limité maximal minimal supplémentaire seulement
uniquement sauf séparément gratuit gratuitement économique abordable cher chère luxe luxueux luxueuse premium
payant payé rémunéré publique réduit exclusif exclusive prépayé gros exonéré libre commercial occasion loué
location ligne internet offline permanent définitivement temporaire temporairement provisoire télétravail
lentement lent main récursif récursivement sécurité anonyme anonymement secret secrètement discrètement
oralement écrit silencieusement légalement illégal illégalement interactif interactive conjointement
simultanément successivement aléatoire aléatoirement artisanal maison accidentellement volontairement volontaire
direct directe directement indirect indolore écologique durable étranger étrangère intérieur extérieur domicile
bureau école national régional européenne américain asiatique africain sous-marin souterrain urbain rural
centre-ville proximité proche mondial mondialement dehors dedans outre-mer sévère grave léger légère modéré
chronique aigu aiguë avancé basique neuf neuve nouvel reconditionné endommagé humide sec sèche surgelé congelé
fraîche séché fumé conserve bio biologique épicé piquant sucré salé acide froide minuscule énorme géant vieil
moderne contemporain traditionnel traditionnelle classique numérique analogique électrique solaire hybride lourd
mince longue fort silencieux silencieuse sale gras grasse sensible naturel naturelle artificiel synthétique
imperméable étanche portable portatif rechargeable réutilisable jetable recyclé comestible vénéneux toxique
dangereux dangereuse sûr rare menacé disparu sauvage contagieux contagieuse héréditaire bactérien viral
douloureux douloureuse enflé infecté sain allégé gluten lactose décaféiné casher halal frit grillé caché périmé
expiré volé bloqué cdi cdd auto-entrepreneur chômeur chômage marié divorcé pacsé veuf veuve résident résidente
expatrié mineur majeur adopté pénal civil obligatoire facultatif facultative agréé certifié assuré militaire
chirurgical médical religieux religieuse laïque chiffré crypté compressé imbriqué nullable optionnel optionnelle
asynchrone synchrone statique dynamique dynamiquement distant immuable virtuel distribué embarqué natif native
multiplateforme responsive doublon trié inversé décroissant croissant alphabétique défaut personnalisé
persistant multidimensionnel obsolète expérimental mobile autonome insensible pire aîné populaire célèbre favori
top estival
`
