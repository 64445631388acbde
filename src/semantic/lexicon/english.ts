import { stemmer } from '@orama/stemmers/english'
import { firsts, lists, pairs, phrases, rewritings, whole, words } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'

export const english: Lexicon = {
  language: 'en',
  stem: stemmer,
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
  rewritings: rewritings(`
    what's > what is
    who's > who is
    where's > where is
    when's > when is
    how's > how is
    why's > why is
    it's > it is
    that's > that is
    there's > there is
    let's > let us
    cannot > can not
    wo not > will not
    sha not > shall not
    ca not > can not
    i would like to know > tell me
    what are your opening hours > when are you open
    what are the opening hours of > when open
    what are the business hours of > when open
    how come > why
    what is the reason for > why
    what is the reason > why
    what are the reasons for > why
    what are the reasons > why
    for what reason > why
    what causes > why
    what makes > why
    what caused > why
    what made > why
    in what year > when
    in which year > when
    what year > when
    which year > when
    what date > when
    what day > when
    at what time > when
    what time > when
    which person > who
    what person > who
    what is the name of the person who > who
    in which country > where
    in what country > where
    in which city > where
    what place > where
    at what temperature > what temperature
    how much time > how long
    how much money > how much
    what is the price of > how much cost
    what is the cost of > how much cost
    what does it cost > how much cost
    what is the number of > how many
    what number of > how many
    the number of > how many
    what is the height of > how tall
    what is the distance > how far
    what is the age of > how old
    what is the difference > differ
    the difference > differ
    difference > differ
    differences > differ
    differs > differ
    different from > differ
    distinguish > differ
    distinguishes > differ
    get rid of > remove
    come down > fall
    came down > fall
    come about > form
    comes about > form
    net pay > net salary
    gross pay > gross salary
    mean the same as > synonym
    means the same as > synonym
    correct > fix
    take off > remove
    look up > find
    find out > find
    set up > install
    put on > wear
    turn on > enable
    switch on > enable
    turn off > disable
    switch off > disable
    deactivate > disable
    activate > enable
    log in > login
    log into > login
    sign in > login
    sign into > login
    log out > logout
    sign out > logout
    sign up > register
    e-mail > email
    e mail > email
    wi-fi > wifi
    what helps with > how treat
    what helps against > how treat
    what can i do about > how treat
    what can i do against > how treat
    what should i do about > how treat
    what should i do if i have > how treat
    what can i do if i have > how treat
    how do you say > translate
    how would you say > translate
    how would i say > translate
    prior to > before
    at least > minimum
    at most > maximum
    how do i say > translate
    a lot of > many
    or not >
    regular expression > regex
    regular expressions > regex
    hand luggage > carry-on
    carry-on bag > carry-on
    carry-on luggage > carry-on
    coffee shop > café
    at the same time > together
    each other > together
    one another > together
    go away > stop
    shut down > stop
    stand for > mean
    stands for > mean
    full form > mean
    send back > return
    give back > return
    hold back > keep
    money back > refund
    instead of > instead
    substitute for > instead
    replacement for > instead
    used to > use
    have to > must
    need to > must
    supposed to > must
    allowed to > can
    permitted to > can
    able to > can
    ok to > can
    okay to > can
    all right to > can
    safe to > can
    legal to > can
    all the time > always
    every time > always
    whenever > always
    lots of > many
    as well as > and
    nyc > new york
    new york city > new york
    usa > united states
    u.s.a. > united states
    u.s. > united states
    u.k. > united kingdom
    america > united states
    uk > united kingdom
    great britain > united kingdom
    ww1 > world war 1
    ww2 > world war 2
    wwi > world war 1
    wwii > world war 2
    world war i > world war 1
    world war ii > world war 2
    world war one > world war 1
    world war two > world war 2
    first world war > world war 1
    second world war > world war 2
    js > javascript
    ts > typescript
    db > database
    tv > television
    photo > picture
    phone number > telephone number
    cell phone > phone
    mobile phone > phone
    per cent > percent
    ok > okay
    half an hour > 30 minutes
    a dozen > 12
    a couple of > 2
    one word > 1 word
    one sentence > 1 sentence
    a single > 1
    only one > 1
  `),
  negations: new Set(
    words(
      'not no never without none nobody nothing neither nor cannot except excluding lacking avoid unable',
    ),
  ),
  opposites: pairs(`
    enable disable, on off, open close, open shut, start stop, start end, begin end, start finish, begin finish, buy sell,
    increase smaller, reduce bigger, reduce larger, decrease bigger, decrease larger, increase lower, bigger under, larger under, more under, exceed under, above under, bigger below, larger below, more below, cause relieve, cause reduce, cause help, cause ease, trigger relieve, worsen improve, worsen relieve, increase decrease, increase reduce, increase lower, raise lower, raise reduce, grow shrink, gain lose, win lose, accept reject, accept decline,
    allow forbid, allow block, allow deny, allow prevent, permit forbid, block unblock, lock unlock, mute unmute, follow unfollow,
    subscribe unsubscribe, install uninstall, install remove, add remove, add subtract, add delete, create delete, create destroy,
    insert delete, insert remove, connect disconnect, attach detach, show hide, display hide, upload download, import export, send receive,
    push pull, push pop, encode decode, encrypt decrypt, compress decompress, zip unzip, pack unpack, lend borrow, give take,
    give receive, rent buy, rent own, lease buy, login logout, hire fire, live die, born die, birth death, alive dead,
    minimum maximum, min max, minimize maximize, minimise maximise, least most, fewest most, fewer more, less more, lower higher,
    lowest highest, small large, small big, smaller larger, smaller bigger, smallest largest, smallest biggest, short long, shorter longer,
    shortest longest, short tall, shorter taller, shortest tallest, near far, nearest farthest, nearest furthest, closest farthest, closer farther, old young, old new,
    older younger, older newer, oldest youngest, oldest newest, early late, earlier later, earliest latest, first last, before after,
    since until, previous next, past future, fast slow, faster slower, fastest slowest, quick slow, good bad, better worse, best worst,
    high low, hot cold, hotter colder, hottest coldest, warm cold, warm cool, warmer cooler, warmest coldest, heat cool, wet dry, cheap expensive, cheaper costlier,
    cheapest costliest, rich poor, richest poorest, easy hard, easy difficult, easier harder, easiest hardest, light dark, light heavy,
    lighter heavier, lightest heaviest, strong weak, stronger weaker, strongest weakest, hard soft, thick thin, wide narrow, deep shallow, full empty, fill empty,
    public private, internal external, inside outside, indoor outdoor, indoors outdoors, input output, left right, top bottom, up down,
    above below, over under, north south, east west, northern southern, eastern western, positive negative, profit loss, asset liability,
    debit credit, credit debit, import export, supply demand, advantage disadvantage, advantages disadvantages, pros cons, benefit risk,
    benefits risks, benefits drawbacks, advantage drawback, strength weakness, legal illegal, possible impossible, safe dangerous, safe unsafe, healthy unhealthy,
    formal informal, active passive, singular plural, male female, man woman, men women, boy girl, father mother, son daughter, brother sister,
    husband wife, king queen, child parent, children parents, student teacher, employee employer, buyer seller, lender borrower, landlord tenant,
    host guest, client server, question answer, import export, ascending descending, horizontal vertical, row column, rows columns,
    synchronous asynchronous, sync async, static dynamic, local remote, local global, encrypt decrypt, deposit withdraw, freeze thaw,
    melt freeze, boil freeze, expand contract, expand collapse, include exclude, including excluding, with without, always never, all none,
    everyone nobody, everything nothing, day night, summer winter, spring autumn, spring fall, morning evening, sunrise sunset, arrive leave, arrival departure,
    arrive depart, enter exit, enter leave, join leave, join split, merge split, save spend, save delete, love hate, remember forget, pass fail,
    success failure, approve reject, approve deny, attack defend, offense defense, major minor, increase drop, rise fall, rise drop, appreciate depreciate,
    inhale exhale, inflate deflate, wake sleep, wake fall, sit stand, lead follow, teach learn, cause prevent, cause cure, cause treat, treat prevent, prevent cure, natural artificial,
    raw cooked, fresh frozen, sweet salty, sweet sour, true false, right wrong, same different, married single, marry divorce,
    hardware software, frontend backend, producer consumer, domestic foreign, domestic international, gross net, wholesale retail,
    rural urban, ancient modern, odd even, even odd, acid base, liquid solid, majority minority, upgrade downgrade, update downgrade,
    promote demote, invite uninvite, tighten loosen, sharpen dull, soften harden, clean dirty, fold unfold, wrap unwrap, plug unplug,
    pause resume, suspend resume, sink float, ascend descend, climb descend, win lost, victory defeat, ally enemy, friend enemy, predator prey
  `),
  synonyms: lists(`
    fix repair mend solve resolve correct troubleshoot
    create build generate produce construct write compose draft
    delete erase remove eliminate clear wipe
    change modify alter edit adjust update
    reset recover restore regain
    buy purchase acquire
    begin start commence
    end finish stop conclude
    big large huge great
    small little tiny
    quick fast rapid speedy swift
    quickest fastest
    quickly fast
    easy simple simplest easiest straightforward
    good great effective efficient
    best ideal optimal recommended recommend suitable
    important essential crucial significant
    main primary principal chief major
    show display view see
    find locate discover search
    choose select pick
    check verify inspect examine test determine
    clean wash
    cook prepare
    bake prepare
    kid child children kids
    man men
    woman women
    doctor physician
    car automobile vehicle
    movie film
    picture image photograph
    house home
    job occupation profession
    money cash funds
    cost price costs fee
    pay payment paid
    charge bill billed
    shop store
    illness disease sickness
    symptom sign signs indication
    medicine medication drug
    movie film
    author writer wrote write written
    inventor invent invented
    discoverer discover discovered
    founder found founded establish established
    painter paint painted
    leader head
    population inhabitants residents live
    city town
    nation country
    sea ocean
    weather forecast
    benefit advantage pro upside
    drawback disadvantage con downside
    error bug mistake issue problem trouble fault
    cancel terminate end
    order purchase
    parcel package shipment delivery
    send ship mail post
    return refund
    account profile
    password passcode
    contact reach
    support assistance help service
    speak talk
    call phone telephone ring
    example sample instance
    list enumerate
    summarize summarise summary condense sum
    translate translation
    convert transform turn conversion
    calculate compute determine work
    sort order arrange
    reverse invert flip
    join merge combine concatenate
    split divide separate
    loop iterate iteration
    array list
    string text
    copy duplicate clone
    run execute launch
    read parse
    print output
    connect link
    store save keep stored
    allowed permitted allow permit
    required necessary mandatory require obligatory
    rule regulation law
    tall high height
    heavy weigh weight
    old age
    long length duration last lasts
    far distance
    deep depth
    fast speed
    hot temperature
    lose shed
    increase raise boost improve enhance
    decrease reduce lower lessen cut
    prevent avoid stop
    treat cure heal
    relieve ease soothe
    cause trigger lead
    approximately about roughly around
    per each every
    many much several
    currency money
    stain spot
    plane airplane aircraft flight
    holiday vacation trip
    travel journey go
    visit see
    autumn fall
    rubbish garbage trash
    flat apartment
    receipt invoice
    hour hours hr hrs
    minute minutes min mins
    freezing freeze
    boiling boil
    happen occur
    need require
    finish complete
    live reside
    sick ill
    lawyer attorney
    salary wage pay income
    taxes tax
    spouse partner
    difference differ
    kitchen kitchens
    fridge refrigerator
    smartphone phone
    laptop notebook
    computer pc
    app application
    website site webpage
    internet web
    folder directory
    bug defect
    quote quotation
    reply respond answer response
    letter message note
    bike bicycle
    tire tyre
    integer int
    adult grown-up
    grandma grandmother
    grandpa grandfather
    mom mum mother
    dad father
    harmful bad unhealthy
    shake vibrate
    average mean
    vaccine vaccination shot jab
    repository repo
    late latest
    constantly always
    composer compose composed
    licence license
    rewrite rephrase reword
    independent independence
    often frequently frequent
    speak spoken spoke
    keep kept hold
    forget forgot forgotten
    lose lost
    break broke broken
    send sent ship shipped shipping
    freeze frozen freezer froze
    take took taken
    give gave given
    dismiss fire sack
    quit exit
    novel book
    luggage baggage bags
    influenza flu
    infect infectious contagious
    substitute replace replacement instead
    daytime day
    neat neatly
    idea suggestion suggest
    blocked clogged unclog
    clear unclog
    alarm detector
    depart departure
    entitle entitled right
    color colour
    favorite favourite
    center centre
    sheet spreadsheet
    greeting wishes
    boss manager supervisor
    physician doctor gp
    cheap inexpensive
    expensive costly
    near close
    happy glad
    scared afraid
    smart clever intelligent
    sad unhappy
    tasty delicious
    pasta noodles
    pullover sweater jumper
    sofa couch
    lift elevator
    petrol gas gasoline
    motorway highway freeway
    chips fries
    lorry truck
    pavement sidewalk
    biscuit cookie
    trousers pants
    cell mobile
    obtain receive get
    ask request inquire enquire
    close shut
    eat consume
    famous known renowned
    forbid ban prohibit banned prohibited
    gift present
    goal aim objective target
    handle manage deal
    hard difficult tough
    harm damage ruin
    limit restrict
    dish meal food
    normal usual typical common
    opinion view
    pain ache hurt sore
    protect secure
    quiet silent
    rare uncommon
    region area
    rent lease
    rich wealthy
    road street
    sleep asleep
    slim thin
    story tale
    strange odd weird
    subject topic theme
    sure certain
    swap exchange switch
    whole entire
    wide broad
    world earth
    wrong incorrect
    shout yell
    lasting permanent
    yearly annual annually
    nearby near
    dentist dental
    baby infant newborn
    teenager teen adolescent
    elderly senior
    beginner novice
    expert professional
    colleague coworker
    customer client
    firm company business
    staff employees
    interview interviews
    resume cv
    apply application
    hire recruit employ
    deadline due
    discount reduction
    warranty guarantee
    shipping postage
    screen display
    crash crashes
    slow sluggish
    backup back-up
    noise noisy
    smell odor odour stink
    dirt dirty
    cough coughing
    vomit vomiting
    pregnant pregnancy
    allergic allergy
    diet nutrition
    workout exercise training
    muscle muscles
    mortgage home-loan
    invest investment investing
    stock share shares
    tenant renter
    contract agreement
    inherit inheritance
    fine penalty
    police cops
    polite courteous
    title headline
    meeting appointment
    late delayed
    tired fatigued exhausted
    plant grow
  `),
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
    [whole('when', 'explain|tell|know|wonder|wondering|me|by|and|about|since'), 'when'],
    [whole('where', 'explain|tell|know|wonder|wondering|me|from|and|about'), 'where'],
    [whole('why'), 'why'],
    [whole('how'), 'how'],
    [whole('what|which'), 'what'],
  ],
  askedFor: {
    who: new Set(
      words(
        'author writer inventor founder painter composer director president ceo discoverer person name',
      ),
    ),
    when: new Set(words('time date year day month hour hours season century')),
    where: new Set(words('place location city country town address')),
    'how many': new Set(
      words(
        'number amount quantity duration distance length height weight size price cost population age temperature percentage percent share total sum product rate calorie calories content volume value result capacity',
      ),
    ),
  },
  appositions: new Set(
    words(
      'word words term phrase sentence expression command error message code function method novel book film movie song poem title text line grammar saying idiom',
    ),
  ),
  telling: new Set(words('before after until less least fewer fewest only prior once')),
  roles: firsts('to into onto in, from, than, against, over, under, through'),
  symmetric: new Set(words('and or versus vs between differ compare compared comparison')),
}
