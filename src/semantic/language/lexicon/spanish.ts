import { stemmer } from '@orama/stemmers/spanish'
import { irregular } from './spanish/irregular.ts'
import { light } from './spanish/light.ts'
import { narrow } from './spanish/narrow.ts'
import { opposites } from './spanish/opposites.ts'
import { phrases as meanings } from './spanish/phrases.ts'
import { siblings } from './spanish/siblings.ts'
import { synonyms } from './spanish/synonyms.ts'
import { demonyms } from './demonyms.ts'
import { firsts, lists, pairs, phrases, rewritings, whole, words } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'

/** Pronouns behind an infinitive: `pagarte`, `cambiárselo`. */
const ENCLITIC = /(?<=\p{L}{2}[aeiáéí]r)(?:me|te|se|nos|os|le|les)?(?:lo|la|le|los|las|les)?$/u

const bareInfinitive = (word: string) =>
  word.replace(ENCLITIC, '').replace(/[áéí](?=r$)/, (vowel) => vowel.normalize('NFD')[0]!)

/** One spelling for one sound: `busc-o`, `busqu-é`; `pag-o`, `pagu-é`; `cruz-o`, `cruc-é`. */
const spelled = (stem: string) => stem.replace(/qu$/, 'c').replace(/gu$/, 'g').replace(/z$/, 'c')

export const spanish: Lexicon = {
  language: 'es',
  stem: (word) => spelled(stemmer(bareInfinitive(word))),
  lists: () => ({
    rewritings: rewritings(meanings),
    opposites: pairs(opposites),
    synonyms: [...lists(synonyms), ...demonyms.es],
    siblings: lists(siblings),
    light: words(light),
    narrowing: words(narrow),
    irregular: lists(irregular),
  }),
  functionWords: new Set(
    words(`
      el la los las lo un una unos unas del de al a este esta estos estas ese esa esos esas eso esto yo me mi mis mí
      tú tu tus te usted ustedes él ella ellos ellas su sus se nos nosotros nuestro nuestra les le es son soy eres era eran
      ser fue fueron sido está están estoy estar hay ha han he haber hacer hace hago haces tiene tienen tengo tener puede
      puedo pueden puedes podría podrías podrían debe debo deben debería deberías y e o u pero que qué quién quiénes quien cómo
      como cuándo cuando dónde donde cuál cuáles cual cuánto cuánta cuántos cuántas por para con en si sí
      así también muy ya todo toda todos todas cada sobre hasta desde durante entre hacia según qué
    `),
  ),
  fillers: phrases(`
    me gustaría saber
    quisiera saber
    quiero saber
    necesito saber
    puedes decirme
    puede decirme
    podrías decirme
    podría decirme
    me puedes decir
    me puede decir
    me podrías decir
    puedes explicarme
    podrías explicarme
    sabes
    sabe usted
    cuál es la mejor manera
    cuál es la mejor forma
    cuál es la manera
    cuál es la forma
    de qué manera
    de qué forma
    qué debo hacer
    qué tengo que hacer
    es posible
    por favor
    gracias
    hola
    en general
    generalmente
    normalmente
    exactamente
    correctamente
    manera
    forma
    método
    pasos
    explica
    explícame
    explique
    explicar
    describe
    dime
    dígame
    di
    decir
    muéstrame
    muestra
    dame
    ayúdame
    ayuda
    saber
    significa
    significado
    quiere decir
    llama
    llamado
    funciona
    funcionan
    usar
    utilizar
    pregunta
    preparar
    prepara
    prepare
    cocinar
    realmente
    calcula
    calcular
    calcule
    convierte
    convertir
    simplemente
    quiero
    necesito
    desearía
    hacer
    hice
    va
    bien
    ciudad
    viaje
  `),
  negations: new Set(words('no nunca jamás sin ningún ninguna ninguno nadie nada ni excepto')),
  endings: new Set([
    '',
    ...words(
      'ción ación ición sión miento amiento imiento dad idad ar er ir ado ido able ible ivo iva al o a e or ora ano ana és esa oso osa ura mente ante',
    ),
  ]),
  numbers: {
    cero: 0,
    dos: 2,
    tres: 3,
    cuatro: 4,
    cinco: 5,
    seis: 6,
    siete: 7,
    ocho: 8,
    nueve: 9,
    diez: 10,
    once: 11,
    doce: 12,
    trece: 13,
    catorce: 14,
    quince: 15,
    veinte: 20,
    treinta: 30,
    cuarenta: 40,
    cincuenta: 50,
    sesenta: 60,
    setenta: 70,
    ochenta: 80,
    noventa: 90,
    cien: 100,
    ciento: 100,
    mil: 1_000,
    millón: 1_000_000,
    millones: 1_000_000,
    docena: 12,
    media: 0.5,
    medio: 0.5,
  },
  kinds: [
    [whole('cuánto-tiempo'), 'how long'],
    [whole('con qué frecuencia|cada cuánt[oa]s?'), 'how often'],
    [whole('cuánt[oa]s?'), 'how many'],
    [whole('qué edad'), 'how old'],
    [whole('qué (distancia|tan lejos)'), 'how far'],
    [whole('qué (altura|tamaño)'), 'how big'],
    [whole('quién(es)?'), 'who'],
    [whole('cuándo'), 'when'],
    [whole('dónde'), 'where'],
    [whole('por-qué'), 'why'],
    [whole('cómo'), 'how'],
    [whole('qué|cuál(es)?'), 'what'],
  ],
  askedFor: {
    who: new Set(
      words(
        'autor autora escritor inventor fundador pintor compositor director presidente persona nombre',
      ),
    ),
    when: new Set(words('hora fecha año día mes momento época plazo')),
    where: new Set(words('lugar sitio ciudad país dirección')),
    why: new Set(words('razón razones causa causas motivo motivos debe')),
    'how long': new Set(
      words('duración tiempo plazo vida horas minutos días semanas meses años dura tarda'),
    ),
    'how often': new Set(words('frecuencia veces cada menudo')),
    'how expensive': new Set(words('precio costo coste tarifa cuesta vale pagar caro')),
    'how far': new Set(words('distancia lejos kilómetros profundidad')),
    'how old': new Set(words('edad años')),
    'how big': new Set(words('altura peso tamaño longitud anchura mide pesa alto')),
    'how many': new Set(
      words(
        'número cantidad población temperatura porcentaje suma calorías contenido volumen valor resultado',
      ),
    ),
  },
  poles: {
    more: words(
      'más mayor máximo máxima aumentar subir grande alto alta largo caro mejor acelerar engordar superior',
    ),
    less: words(
      'menos menor mínimo mínima disminuir reducir bajar pequeño bajo baja corto barato peor ralentizar adelgazar inferior',
    ),
  },
  prevents: words('evitar impedir'),
  standsForNegation: words('parar dejar conservar perder lugar vez falta'),
  modality: {
    obliges: new Set(
      words('debo debe deben tengo hay necesito necesita obligatorio necesario necesaria obligado'),
    ),
    allows: new Set(words('puedo puede pueden podemos posible permitido permite legal')),
  },
  appositions: new Set(
    words(
      'palabra término expresión frase oración comando error mensaje código función método novela libro película canción poema título texto línea cuadro obra',
    ),
  ),
  telling: firsts('antes, después tras, menos, hasta, solo sólo solamente únicamente'),
  conditions: new Set(words('para en con durante sobre bajo por si cuando como')),
  directionsInPairs: true,
  roles: firsts('from desde de del, to a al hacia hasta, contra, sobre'),
  symmetric: new Set(words('versus vs entre diferencia comparar comparación')),
  joins: new Set(words('y e o u')),
  articles: new Set(words('el la los las un una mi mis tu su')),
  deeds: words(
    'vencer derrotar ganar comprar adquirir demandar denunciar atacar invadir contratar despedir deber enseñar matar conquistar ocupar influir comer cazar morder prestar vender invitar criticar',
  ),
  passives: new Set(words('por fue fueron sido')),
}
