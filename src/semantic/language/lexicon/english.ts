import { stemmer } from '@orama/stemmers/english'
import { irregular } from './english/irregular.ts'
import { light } from './english/light.ts'
import { narrow } from './english/narrow.ts'
import { opposites } from './english/opposites.ts'
import { phrases as meanings } from './english/phrases.ts'
import { siblings } from './english/siblings.ts'
import { synonyms } from './english/synonyms.ts'
import { demonyms } from './demonyms.ts'
import { firsts, lists, pairs, phrases, rewritings, whole, words } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'

export const english: Lexicon = {
  language: 'en',
  stem: stemmer,
  lists: () => ({
    rewritings: rewritings(meanings),
    opposites: pairs(opposites),
    synonyms: [...lists(synonyms), ...demonyms.en],
    siblings: lists(siblings),
    light: words(light),
    narrowing: words(narrow),
    irregular: lists(irregular),
  }),
  functionWords: new Set(
    words(`
      a an the this that these those some any i me my mine myself we us our ours you your yours
      yourself he him his she her hers it its itself they them their theirs one's am is are was were
      be been being do does did doing done have has had having will would shall should can could may
      might must ought of in on at by for with as to from into onto out up down off over and or but
      if so than then there here what which who whom whose when where why how about when's also too
      just very really quite such own each get gets got getting let lets s t d ll ve re m o
    `),
  ),
  fillers: phrases(`
    i would like to know
    i want to know
    i need to know
    do you know
    can you tell me
    could you tell me
    would you tell me
    can you explain to me
    would you mind
    i was wondering
    i wonder
    i am wondering
    is it possible to
    is there a way to
    is there any way to
    what is the way to
    what is the right way to
    what is the correct way to
    what is the proper way to
    what are the steps to
    what steps
    what do i need to do to
    what should i do to
    what do i have to do to
    the process of
    the process for
    in general
    generally
    usually
    typically
    normally
    exactly
    actually
    basically
    properly
    correctly
    currently
    please
    kindly
    thanks
    thank you
    hello
    hi
    hey
    quick question
    help me
    tell me
    show me
    give me
    teach me
    walk me through
    explain
    describe
    define
    tell
    know
    say
    called
    known as
    mean
    meant
    meaning
    means
    definition
    exact
    go about
    a bit
    between
    both
    whatever
    considered
    equal
    equals
    look
    looks
    something
    someone
    somebody
    thing
    things
    person
    people
    best way
    good way
    easiest way
    simplest way
    way
    ways
    method
    steps
    step
    instructions
    guide
    possible
    able
    want
    need
    like
    trying
    try
    use
    using
    used
    make
    makes
    making
    made
    take
    takes
    work
    works
    happen
    happens
    there
    question
    answer
    command
    calculate
    compute
    convert
    work out
    prepare
    preparing
    normally
    at all
    right
    really
    once
    exactly
  `),
  negations: new Set(
    words(
      'not no never without none nobody nothing neither nor cannot except excluding lacking unable non',
    ),
  ),
  endings: new Set([
    '',
    ...words(
      'ed ing s es er ers or est ly y ness ment ion ation ition sion ity al ance ence en th able ive e ful ic',
    ),
  ]),
  numbers: {
    zero: 0,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
    ten: 10,
    eleven: 11,
    twelve: 12,
    thirteen: 13,
    fourteen: 14,
    fifteen: 15,
    sixteen: 16,
    seventeen: 17,
    eighteen: 18,
    nineteen: 19,
    twenty: 20,
    thirty: 30,
    forty: 40,
    fifty: 50,
    sixty: 60,
    seventy: 70,
    eighty: 80,
    ninety: 90,
    hundred: 100,
    thousand: 1_000,
    million: 1_000_000,
    billion: 1_000_000_000,
    dozen: 12,
    half: 0.5,
    twice: 2,
    third: 3,
    fourth: 4,
    fifth: 5,
  },
  kinds: [
    [whole('how (many|much)'), 'how many'],
    [whole('how long'), 'how long'],
    [whole('how old'), 'how old'],
    [whole('how (far|deep)'), 'how far'],
    [whole('how (tall|high|big|large|heavy|wide|small)'), 'how big'],
    [whole('how (often|frequently)'), 'how often'],
    [whole('who|whom|whose', 'explain|tell|know|wonder|wondering|me|by|and|about'), 'who'],
    [
      whole(
        'when(?= (is|are|was|were|do|does|did|can|could|should|will|would|has|have|had|must|may|to)\\b|[ ?.]*$)',
        'explain|tell|know|wonder|wondering|me|by|and|about|since',
      ),
      'when',
    ],
    [whole('when', 'explain|tell|know|wonder|wondering|me'), 'when'],
    [whole('where', 'explain|tell|know|wonder|wondering|me|from|and|about'), 'where'],
    [whole('why'), 'why'],
    [whole('how'), 'how'],
    [whole('what|which'), 'what'],
  ],
  askedFor: {
    who: new Set(
      words(
        'songwriter poet artist player team scientist actress hero author writer inventor founder painter composer director president ceo discoverer person name singer actor creator',
      ),
    ),
    when: new Set(words('time date year day month hour hours season century deadline')),
    where: new Set(words('place location city country town address')),
    why: new Set(words('reason reasons cause causes explanation purpose')),
    'how long': new Set(
      words(
        'time duration lifespan long life length period last minutes hours days weeks months years',
      ),
    ),
    'how often': new Set(words('frequency frequently often times interval schedule')),
    'how expensive': new Set(
      words(
        'postage rent fare salary price cost costs fee charge charged charges rate expensive pay paid worth cheap',
      ),
    ),
    'how far': new Set(words('distance far depth miles kilometres kilometers km')),
    'how old': new Set(words('age old year born')),
    'how big': new Set(
      words(
        'elevation altitude height weight size length width tall heavy high big large dimensions depth',
      ),
    ),
    'how many': new Set(
      words(
        'rate intake dose dosage level number amount quantity population temperature percentage percent share total sum product limit maximum minimum calorie calories content volume value result capacity speed odds',
      ),
    ),
  },
  poles: {
    more: words(
      'more most greater greatest higher highest above over exceed exceeding larger largest bigger biggest increase increasing raise raising up upward longest longer tallest taller maximum max heavier heaviest hottest hotter oldest older expensive costliest richest best better strongest stronger gain gaining grow brighter brightest thicker thicken forward accelerate widest wider',
    ),
    less: words(
      'less least fewer fewest smaller smallest lower lowest lowering below under beneath decrease decreasing reduce reducing down downward shortest shorter minimum min lighter lightest coldest colder youngest younger newest cheap cheapest cheaper poorest worst worse weakest weaker lose losing shrink darker darkest thinner thin back backward backwards decelerate narrowest narrower',
    ),
  },
  prevents: words('avoid prevent'),
  standsForNegation: words(
    'stop keep instead lose free still fail unless lack missing rather off away',
  ),
  modality: {
    obliges: new Set(
      words('must need needs required requires require necessary mandatory obligatory compulsory'),
    ),
    allows: new Set(words('can may allowed permitted possible legal okay fine safe')),
  },
  appositions: new Set(
    words(
      'word words term phrase sentence expression command error message code function method novel book film movie song poem title text line grammar saying idiom',
    ),
  ),
  telling: firsts('before until, after once, less fewer, least fewest, only, prior'),
  conditions: new Set(words('for in at with during on under per by while when if as among within')),
  directionsInPairs: false,
  roles: firsts('from, to into onto, than, against, over, under, through'),
  symmetric: new Set(words('versus vs between differ compare compared comparison')),
  joins: new Set(words('and or')),
  articles: new Set(words('a an the my your our their his her its')),
  deeds: words(
    'beat defeat buy acquire sue attack invade hire fire owe teach kill marry conquer occupy influence inspire eat chase bite hunt lend sell invite criticise blame betray succeed replace thank follow visit help',
  ),
  passives: new Set(words('by been was were')),
}
