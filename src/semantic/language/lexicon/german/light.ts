/** Words that one wording has and another has not, without asking anything else. */
export const light = `
tun tue tut getan machen mache macht gemacht legen lege legt gelegt stellen stelle stellt gestellt geben gebe
gibt gegeben haben habe hat hatte gehabt hätte sein ist sind war waren gewesen wäre werden wird wurde worden
würde würden können kann könnte konnte müssen muss müsste musste sollen soll sollte sollten dürfen darf dürfte
mögen mag möchte wollen will wollte brauchen brauche braucht benötigen benötige benötigt benötigte benötigten
bekommen bekomme bekommt erhalten erhalte kriegen kriege kriegt finden finde findet gefunden existieren
existiert vorhanden vorliegen vorliegt nötig notwendig erforderlich nötige notwendige erforderliche erlaubt
empfohlen empfehlenswert ratsam sinnvoll geeignet passend geeignete geeigneten passende passenden richtig
richtige richtigen richtiger korrekt korrekte korrekten ordnungsgemäß vernünftig sachgemäß möglich mögliche
möglichen möglicherweise eventuell vielleicht wohl eigentlich denn mal eben halt doch bloß überhaupt gerade nun
also bitte danke dankeschön hallo hi hey moin servus guten freundlicherweise gerne gern mir dir uns euch ihnen
es ich du wir man jemand jemandem jemanden einem einen einer eines ein eine der die das dem den des mein meine
meinen meinem meiner meines dein deine deinen deinem deiner unser unsere unseren ihre ihren ihrem ihrer seine
seinen seinem seiner dieser diese dieses diesen diesem jener jene jenes solch solche solchen solcher derartige
derartigen art arten weise größenordnung ausmaß vorgang vorgänge vorgehen vorgehensweise methode methoden
möglichkeit möglichkeiten ablauf prozedur durchführen durchführe durchführt durchgeführt durchzuführen vornehmen
vornimmt vorgenommen vorzunehmen vollziehen erledigen erledigt bewerkstelligen hinbekommen hinkriegen hinbekomme
schaffen schaffe schafft geschafft gelingen gelingt handhaben vorgehe beinhalten beinhaltet umfassen umfasst
einschließen involvieren involviert gehören gehört gelten gilt betreffen betrifft ganz ganze ganzen ganzer
ganzes gesamt gesamte gesamten komplett komplette kompletten gegebene gegebenen gegebenes bestimmt bestimmte
bestimmten bestimmter bestimmtes gewisse gewissen gewisser jeweilig jeweilige jeweiligen entsprechend
entsprechende entsprechenden besagte betreffende konkret konkrete konkreten genau genaue genauen exakt exakte
exakten speziell spezielle speziellen tatsächlich tatsächliche wirklich wirkliche üblich übliche üblicherweise
normalerweise gewöhnlich allgemein allgemeine allgemeinen grundsätzlich prinzipiell typischerweise so dabei
dafür damit davon dazu daran darauf daraus darüber dadurch hierfür hierzu hierbei hier da dass falls um bzw
beziehungsweise nämlich sozusagen quasi letztlich letztendlich sage nennen nenne nennt erklären erkläre erklärt
erläutern erläutere beschreiben beschreibe wissen weißt wüsste kennen kennst helfen hilf hilfst geholfen
erzählen erzähle mitteilen informieren frage fragen fragst gefragt antwort anfrage info infos information
informationen auskunft hinweis hinweise tipp tipps rat ratschlag ratschläge anleitung hilfe versuchen versuche
versucht vorhaben vorhabe beabsichtigen beabsichtige heißen heißt hieß genannt sogenannt sogenannte sogenannten
sich sache sachen ding dinge dingen zeug bereich bereiche bereichs fall fälle fällen situation situationen
hinblick bezug zusammenhang thema irgendein irgendeine irgendeinen irgendwie irgendwas irgendwo irgendjemand
etwas momentan derzeit derzeitige derzeitigen gegenwärtig bestehend bestehende bestehenden vorhandene
vorhandenen vorliegende vorliegenden zugehörig zugehörige zugehörigen dazugehörige verfügbar verfügbare
verfügbaren zuständig zuständige gut gute guter gutes ordentlich ordentliche dienen dient eignen eignet
verwenden verwende verwendet benutzen benutze benutzt nutzen nutze nutzt einsetzen eingesetzt befinden befindet
vorkommen vorkommt auftreten auftritt geschehen geschieht passieren passiert erfolgen erfolgt stattfinden
darstellen darstellt belassen belasse beachten beachtet berücksichtigen berücksichtigt mithilfe mittels anhand
bezüglich hinsichtlich bezogen vermutlich anscheinend offenbar scheinbar bekanntlich formel formeln befehl
funktionsweise begriff ausdruck konzept prinzip zeitpunkt gleichzeitig vs versus reihenfolge darin worin mensch
beträgt besteht verfügt schritte empfehlen empfehlung empfiehlt funktionieren schwierig beschreibung erklärung
verwendung benutzung zeigen hilft gewiss mitteilung menschen beste besten
`
