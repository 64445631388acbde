/** What means the same in every language here. */

/** Units by their names; a name of several words is written with a hyphen. */
const UNITS = `
km kilometer kilometers kilometre kilometres kilomètre kilomètres kilómetro kilómetros
m meter meters metre metres mètre mètres metro metros
cm centimeter centimeters centimetre centimetres zentimeter centimètre centimètres centímetro centímetros
mm millimeter millimeters millimetre millimetres millimètre millimètres milímetro milímetros
mile miles mi meile meilen mille milles milla millas
foot feet ft fuß fuss pied pieds pie pies
inch inches zoll pouce pouces pulgada pulgadas
yard yards yd
kg kilogram kilograms kilo kilos kilogramm kilogramme kilogrammes kilogramo kilogramos
g gram grams gramme grammes gramm gramo gramos
mg milligram milligrams milligramm milligramme milligrammes miligramo miligramos
lb lbs pound pounds pfund livre livres libra libras
oz ounce ounces unze unzen once onces onza onzas
l liter liters litre litres litro litros
ml milliliter milliliters millilitre millilitres mililitro mililitros
gallon gallons gallone gallonen galón galones
cup cups tasse tassen tasses taza tazas
tablespoon tablespoons tbsp esslöffel cuchara cucharadas cucharada
teaspoon teaspoons tsp teelöffel cucharadita cucharaditas
celsius c
fahrenheit f
kelvin
percent % prozent pourcent porcentaje
second seconds sec sekunde sekunden seconde secondes segundo segundos
minute minutes min minuten minuto minutos
hour hours hr hrs h stunde stunden heure heures hora horas
day days tag tage tagen jour jours día días
week weeks woche wochen semaine semaines semana semanas
month months monat monate monaten mois mes meses
year years jahr jahre jahren an ans année années año años
kb kilobyte kilobytes
mb megabyte megabytes
gb gigabyte gigabytes
tb terabyte terabytes
dollar dollars $ usd dólar dólares
euro euros eur €
sterling gbp £
yen jpy ¥
mph
kmh km/h kph
acre acres
hectare hectares hektar hectárea hectáreas
calorie calories kalorie kalorien calorías
watt watts
kw kilowatt kilowatts
hp ps cv horsepower pferdestärken
kwh kilowattstunde kilowattstunden
pint pints
quart quarts
stone stones
decilitre deciliter deziliter dl
centilitre centiliter zentiliter cl
tonne tonnes ton tons tonnen tonelada toneladas
megabit megabits mbit
psi
joule joules
fortnight fortnights
microgram micrograms mcg mikrogramm microgramme microgrammes microgramo microgramos
millisecond milliseconds ms millisekunde millisekunden milliseconde millisecondes milisegundo milisegundos
pixel pixels px píxel píxeles
micrometer micrometre micrometers
kilobit kilobits kbit
gigabit gigabits gbit
byte bytes
bit bits
knot knots knoten nœud nœuds nudo nudos
century centuries jahrhundert jahrhunderte siècle siècles siglo siglos
decade decades jahrzehnt décennie década
volt volts
`

/** Natural languages, each by its names. */
const LANGUAGES = `
english englisch englische englischen englischer anglais anglaise inglés inglesa
german deutsch deutsche deutschen deutscher allemand allemande alemán alemana
french französisch französische französischen français française francés francesa
spanish spanisch spanische spanischen espagnol espagnole español española
italian italienisch italienische italienischen italien italienne italiano italiana
portuguese portugiesisch portugais portugués
dutch niederländisch holländisch néerlandais neerlandés holandés
russian russisch russe ruso rusa
polish polnisch polonais polaco
japanese japanisch japonais japonés
chinese chinesisch chinois chino mandarin
korean koreanisch coréen coreano
arabic arabisch arabe árabe
turkish türkisch turc turco
greek griechisch grec griego
latin latein lateinisch latín
swedish schwedisch suédois sueco
hindi
hebrew hebräisch hébreu hebreo
`

/** Things with the same name in every language, of which one is never another. */
const THINGS = `
python java javascript typescript ruby rust php kotlin swift perl go golang c c++ c# scala haskell lua dart julia matlab
mysql postgresql postgres sqlite mongodb oracle mariadb redis
windows linux macos ubuntu debian android ios chromeos
excel word powerpoint onenote
outlook gmail thunderbird
chrome firefox safari edge opera
slack teams zoom discord skype
whatsapp telegram signal messenger
aws azure gcp
git svn mercurial
docker podman kubernetes
react vue angular svelte
npm yarn pnpm pip conda
json csv xml yaml toml pdf docx html markdown
bash zsh powershell fish
iphone samsung pixel huawei
paypal klarna visa mastercard
facebook instagram twitter tiktok linkedin youtube
netflix spotify
`

export const things: readonly (readonly string[])[] = THINGS.trim()
  .split('\n')
  .map((line) => line.trim().split(' '))

const table = (text: string) =>
  new Map(
    text
      .trim()
      .split('\n')
      .flatMap((line) => {
        const names = line.trim().split(' ')
        return names.map((name): [string, string] => [name, names[0]!])
      }),
  )

/** A unit's name → its short name. */
export const units: ReadonlyMap<string, string> = table(UNITS)

/** A language's name → its English one. */
export const languageNames: ReadonlyMap<string, string> = table(LANGUAGES)

const shortNames = new Set(units.values())

const languages = new Set(languageNames.values())

/** Whether a word is a language's English name. */
export const isLanguage = (word: string): boolean => languages.has(word)

/** Whether a word is a unit's short name. */
export const isUnit = (word: string | undefined): boolean =>
  word !== undefined && shortNames.has(word)
