/** Words that narrow a question by being there. */
export const narrow = `
kind kinder kindgerecht kleinkind baby babys säugling neugeborene jugendliche teenager teenie erwachsene männer
weiblich männlich mädchen senior senioren rentner anfänger einsteiger fortgeschrittene profi profis experte
student studenten studentin studierende azubi auszubildende schüler schülerin lehrer arbeitnehmer angestellte
arbeitgeber freiberufler unternehmer tourist touristen reisende besucher schwanger schwangere schwangerschaft
stillend stillzeit diabetiker vegan veganer vegetarisch vegetarier hund katze haustier familie alleinerziehende
alleinstehend single eltern blinde gehörlos rollstuhl rollstuhlfahrer behinderte barrierefrei allergiker
sportler flüchtling ausländer täglich wöchentlich monatlich vierteljährlich jährlich stündlich nächtlich morgens
vormittags mittags nachmittags abends abend mitternacht wochenende wochentags werktags sonntags feiertag
feiertags winter sommer frühling herbst saisonal weihnachten ostern halloween ferien früh früher spät später
spätestens erstmals zweite dritte ursprünglich mittelalterlich zukünftig künftig nächste neulich sofort umgehend
vorher nachträglich nachtzug langfristig kurzfristig dauerhaft kurzzeitig befristet unbefristet einmal einmalig
zweimal mehrmals halb hälfte halbtags ganztags teilweise einzeln mehrere dreifach häufig gelegentlich selten
ständig nie niemals regelmäßig wiederholt unbegrenzt begrenzt wenigsten zusätzlich nur ausschließlich außer
gemeinsam getrennt kostenlos gratis kostenfrei umsonst billig günstig günstiger preiswert teuer luxus premium
bezahlt unbezahlt kostenpflichtig ermäßigt exklusiv prepaid großhandel steuerfrei steuerpflichtig zollfrei
quelloffen proprietär kommerziell gewerblich gemeinnützig gebraucht gemietet geliehen zinslos online offline
händisch automatisiert vorübergehend temporär remote ferngesteuert langsam handgemacht rekursiv anonym heimlich
diskret unauffällig elektronisch mündlich schriftlich telefonisch persönlich lautlos fließend illegal
programmatisch interaktiv separat nacheinander zufällig schrittweise hausgemacht selbstgemacht selber selbst
kabellos drahtlos versehentlich absichtlich indirekt freiwillig schmerzfrei umweltfreundlich ausland inland
drinnen draußen daheim zuhause homeoffice büro arbeitsplatz schule national regional örtlich amerikanisch
asiatisch afrikanisch unterwasser unterirdisch städtisch ländlich innenstadt nähe weltweit global nördlich
südlich östlich westlich innen außen innerhalb außerhalb bundesweit schwer mäßig chronisch akut fortgeschritten
kaputt defekt undicht nass feucht trocken gefroren tiefgekühlt eingefroren getrocknet geräuchert bio biologisch
ökologisch scharf süß salzig sauer winzig riesig modern zeitgenössisch traditionell klassisch digital analog
elektrisch solar hybrid tragbar dick dünn niedrig flach schmal leise laut schmutzig empfindlich künstlich
synthetisch wasserdicht wasserfest wiederverwendbar wiederaufladbar recycelt essbar giftig gefährlich bedroht
ausgestorben wild ansteckend erblich bakteriell viral schmerzhaft geschwollen entzündet gesund fettarm
glutenfrei zuckerfrei laktosefrei alkoholfrei koffeinfrei koscher halal gebraten gebacken gegrillt versteckt
abgelaufen gesperrt teilzeit vollzeit selbstständig freiberuflich pensioniert ledig verheiratet unverheiratet
geschieden verwitwet ausländisch minderjährig volljährig adoptiert strafrechtlich zivilrechtlich gesetzlich
verpflichtend obligatorisch zertifiziert angemeldet versichert unversichert betrieblich militärisch medizinisch
operativ verschlüsselt komprimiert verschachtelt optional asynchron synchron statisch dynamisch unveränderlich
virtuell parallel threadsicher verteilt eingebettet nativ plattformübergreifend responsiv schreibgeschützt
sortiert umgekehrt absteigend alphabetisch numerisch standardmäßig benutzerdefiniert persistent mehrdimensional
veraltet experimentell mobil eigenständig bedingt mehrzeilig schlechteste schlimmste schlechter älteste höchste
niedrigste kleinste jüngste längste schnellste sicherste nächstgelegene gefährlichste gesündeste beliebt
beliebteste berühmt bekannteste
`
