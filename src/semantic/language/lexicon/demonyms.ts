import { lists } from './lexicon.ts'

/** Countries, with what belongs to them and who lives there: each language's names in a line of their own. */
const english = `
usa american americans, uk british brit brits, england english, scotland scottish scots, wales welsh, ireland irish,
france french, germany german germans, spain spanish spaniard, italy italian italians, portugal portuguese,
netherlands dutch holland, belgium belgian belgians, switzerland swiss, austria austrian austrians, denmark danish danes,
sweden swedish swedes, norway norwegian norwegians, finland finnish finns, iceland icelandic, poland polish poles,
czechia czech, slovakia slovak, hungary hungarian, romania romanian, bulgaria bulgarian, greece greek greeks,
turkey turkish, russia russian russians, ukraine ukrainian, croatia croatian, serbia serbian, slovenia slovenian,
canada canadian canadians, mexico mexican, brazil brazilian, argentina argentine argentinian, chile chilean, peru peruvian,
colombia colombian, cuba cuban, australia australian australians, china chinese, japan japanese, korea korean koreans,
india indian indians, indonesia indonesian, thailand thai, vietnam vietnamese, philippines philippine filipino, israel israeli,
egypt egyptian, morocco moroccan, kenya kenyan, nigeria nigerian, iran iranian, iraq iraqi, pakistan pakistani,
europe european europeans, africa african, asia asian, rome roman, paris parisian, venice venetian, texas texan,
california californian
`
const german = `
usa amerikanisch amerikaner amerikanerin us-amerikanisch, großbritannien britisch brite briten, england englisch engländer,
schottland schottisch, irland irisch, frankreich französisch franzose franzosen, deutschland deutsch deutscher deutsche deutschen,
spanien spanisch spanier, italien italienisch italiener, portugal portugiesisch, niederlande niederländisch holländisch,
belgien belgisch, schweiz schweizer schweizerisch, österreich österreichisch österreicher, dänemark dänisch,
schweden schwedisch, norwegen norwegisch, finnland finnisch, polen polnisch pole, tschechien tschechisch,
ungarn ungarisch, griechenland griechisch, türkei türkisch, russland russisch, ukraine ukrainisch,
kanada kanadisch, mexiko mexikanisch, brasilien brasilianisch, argentinien argentinisch, australien australisch,
china chinesisch, japan japanisch japaner, korea koreanisch, indien indisch, thailand thailändisch, ägypten ägyptisch,
marokko marokkanisch, europa europäisch, bayern bayerisch bayrisch, eu europäischen-union
`
const french = `
états-unis américain américaine américains, royaume-uni britannique anglais, écosse écossais, irlande irlandais irlandaise,
france français française françaises, allemagne allemand allemande allemands, espagne espagnol espagnole, italie italien italienne,
portugal portugais portugaise, pays-bas néerlandais hollandais, belgique belge belges, suisse helvétique, autriche autrichien autrichienne,
danemark danois, suède suédois suédoise, norvège norvégien, finlande finlandais, pologne polonais polonaise, hongrie hongrois,
roumanie roumain, grèce grec grecque, turquie turc turque, russie russe, ukraine ukrainien ukrainienne, canada canadien canadienne,
québec québécois québécoise, mexique mexicain, brésil brésilien brésilienne, argentine argentin, chili chilien, pérou péruvien,
australie australien, chine chinois chinoise, japon japonais japonaise, corée coréen coréenne, inde indien indienne,
égypte égyptien, maroc marocain marocaine, algérie algérien, tunisie tunisien, europe européen européenne, paris parisien parisienne
`
const spanish = `
estados-unidos estadounidense estadounidenses norteamericano, reino-unido británico británica, inglaterra inglés, irlanda irlandés,
francia francés francesa, alemania alemán alemana, españa español española españoles, italia italiano italiana, portugal portugués,
países-bajos neerlandés holandés, bélgica belga, suiza suizo suiza, austria austriaco, dinamarca danés, suecia sueco, noruega noruego,
polonia polaco, grecia griego, turquía turco, rusia ruso rusa, ucrania ucraniano, canadá canadiense, méxico mexicano mexicana mexicanos,
brasil brasileño brasileña, argentina argentino argentinos argentinas, chile chileno chilena chilenos chilenas, perú peruano peruana,
colombia colombiano colombiana, venezuela venezolano, ecuador ecuatoriano, bolivia boliviano, uruguay uruguayo, cuba cubano,
australia australiano, china chino china, japón japonés japonesa, corea coreano, india indio, egipto egipcio, marruecos marroquí,
europa europeo europea, cataluña catalán catalana, andalucía andaluz
`

export const demonyms = {
  en: lists(english),
  de: lists(german),
  fr: lists(french),
  es: lists(spanish),
}
