/** What several words mean: `from > to`. */
export const phrases = `
whats > what is | hows > how is | wheres > where is | whos > who is | isnt > is not | arent > are not |
wasnt > was not | dont > do not | doesnt > does not | didnt > did not | cant > can not | couldnt > could not |
wont > will not | havent > have not | hasnt > has not | im > i am | ive > i have | youre > you are |
theyre > they are | what's > what is | who's > who is | where's > where is | when's > when is | how's > how is |
why's > why is | it's > it is | that's > that is | there's > there is | let's > let us | cannot > can not |
wo not > will not | sha not > shall not | ca not > can not | i would like to know > tell me |
what are your opening hours > when are you open | what are the opening hours of > when open |
what are the business hours of > when open | how come > why | what is the reason for > why |
what is the reason > why | what are the reasons for > why | what are the reasons > why | for what reason > why |
what causes > why | what makes > why | what caused > why | what made > why | in what year > when |
in which year > when | what year > when | which year > when | what date > when | what day > when |
at what time > when | what time > when | which person > who | what person > who |
what is the name of the person who > who | in which country > where | in what country > where |
in which city > where | what place > where | at what temperature > what temperature | how much time > how long |
how much money > how much | what is the price of > how much cost | what is the cost of > how much cost |
what does it cost > how much cost | what is the number of > how many | what number of > how many |
the number of > how many | what is the height of > how tall | what is the distance > how far |
what is the age of > how old | what is the difference > differ | the difference > differ | difference > differ |
differences > differ | differs > differ | different from > differ | distinguish > differ |
distinguishes > differ | get rid of > remove | come down > fall | came down > fall | come about > form |
comes about > form | net pay > net salary | gross pay > gross salary | mean the same as > synonym |
means the same as > synonym | correct > fix | take off > remove | look up > find | find out > find |
set up > install | put on > wear | turn on > enable | switch on > enable | turn off > disable |
switch off > disable | deactivate > disable | activate > enable | log in > login | log into > login |
sign in > login | sign into > login | log out > logout | sign out > logout | sign up > register |
e-mail > email | e mail > email | wi-fi > wifi | what helps with > how treat | what helps against > how treat |
what can i do about > how treat | what can i do against > how treat | what should i do about > how treat |
what should i do if i have > how treat | what can i do if i have > how treat | how do you say > translate |
how would you say > translate | how would i say > translate | prior to > before | at least > minimum |
at most > maximum | how do i say > translate | a lot of > many | or not > | regular expression > regex |
regular expressions > regex | hand luggage > carry-on | carry-on bag > carry-on | carry-on luggage > carry-on |
coffee shop > café | at the same time > together | each other > together | one another > together |
go away > stop | shut down > stop | stand for > mean | stands for > mean | full form > mean |
send back > return | give back > return | hold back > keep | money back > refund | instead of > instead |
substitute for > instead | replacement for > instead | used to > use | have to > must | need to > must |
supposed to > must | allowed to > can | permitted to > can | able to > can | ok to > can | okay to > can |
all right to > can | safe to > can | legal to > can | all the time > always | every time > always |
whenever > always | lots of > many | as well as > and | united states of america > usa | united states > usa |
u.s.a. > usa | u.s. > usa | america > usa | american > usa | americans > usa | south america > south-america |
south american > south-america | north america > north-america | north american > north-america |
latin america > latin-america | latin american > latin-america | united kingdom > uk | u.k. > uk |
great britain > uk | britain > uk | british > uk | new york city > new-york | new york > new-york |
nyc > new-york | ny > new-york | google chrome > chrome | windows pc > windows | ahead of > before |
used for > purpose | say no to > decline | costs less > cheaper | cost less > cheaper | ww1 > world war 1 |
ww2 > world war 2 | wwi > world war 1 | wwii > world war 2 | world war i > world war 1 |
world war ii > world war 2 | world war one > world war 1 | world war two > world war 2 |
first world war > world war 1 | second world war > world war 2 | js > javascript | ts > typescript |
db > database | tv > television | photo > picture | phone number > telephone number | cell phone > phone |
mobile phone > phone | per cent > percent | ok > okay | half an hour > 30 minutes | a dozen > 12 |
a couple of > 2 | one word > 1 word | one sentence > 1 sentence | a single > 1 | only one > 1 |
what triggers > why | what are the causes of > why | what is the cause of > why | in which cases > when |
in what cases > when | which man > who | which woman > who | which scientist > who | which composer > who |
which singer > who | which actor > who | nowhere else > only | nowhere but > only | for loop > forloop |
while loop > whileloop | for loops > forloop | while loops > whileloop | opposite of > antonym of |
contrary of > antonym of | opposite meaning > antonym | same meaning > synonym |
2fa > two factor authentication | mfa > multi factor authentication |
two-step verification > two factor authentication | two step verification > two factor authentication |
from highest to lowest > descending | from the highest to the lowest > descending |
highest to lowest > descending | from largest to smallest > descending | from biggest to smallest > descending |
from newest to oldest > descending | from lowest to highest > ascending |
from the lowest to the highest > ascending | lowest to highest > ascending |
from smallest to largest > ascending | from oldest to newest > ascending | from a to z > ascending |
from z to a > descending | turn down > decline | turning down > declining | turned down > declined |
getting rid of > removing | got rid of > removed | do away with > remove | clear away > remove |
strip out > remove | throw away > discard | throwing away > discarding | throw out > discard |
thrown away > discarded | toss out > discard | sending back > returning | sent back > returned |
giving back > returning | gave back > returned | bring back > return | take back > return | go back > return |
going back > returning | come back > return | coming back > returning | get back > recover |
getting back > recovering | got back > recovered | get my money back > refund | getting my money back > refund |
get your money back > refund | get a refund > refund | get refunded > refund | pay back > repay |
paying back > repaying | paid back > repaid | pay off > repay | paying off > repaying |
as fast as possible > quickly | as quickly as possible > quickly | as soon as possible > quickly |
in no time > quickly | in a hurry > quickly | asap > quickly | right away > immediately |
straight away > immediately | at once > immediately | right now > now | at the moment > now | at present > now |
at this time > now | at this point in time > now | these days > nowadays | as of now > now | as of today > now |
for the time being > temporarily | for good > permanently | once and for all > permanently |
on a regular basis > regularly | on a daily basis > daily | every day > daily | each day > daily |
per day > daily | a day > daily | every week > weekly | each week > weekly | per week > weekly |
every month > monthly | each month > monthly | per month > monthly | every year > yearly | each year > yearly |
per year > yearly | every hour > hourly | each hour > hourly | per hour > hourly | most of the time > usually |
from time to time > sometimes | now and then > sometimes | every now and then > sometimes |
once in a while > sometimes | every so often > sometimes | on occasion > sometimes | at times > sometimes |
more or less > approximately | give or take > approximately | in the region of > approximately |
in a safe way > safely | in a safe manner > safely | in an easy way > easily | in a simple way > simply |
in a polite way > politely | in a quick way > quickly | on purpose > intentionally |
by accident > accidentally | by mistake > accidentally | by hand > manually | on its own > automatically |
by itself > automatically | by themselves > alone | on my own > alone | by myself > alone | all alone > alone |
without help > alone | at home > home | from home > home | in a row > consecutively |
one after another > consecutively | one by one > individually | at the same time > simultaneously |
in the end > finally | at last > finally | in the beginning > initially | at first > initially |
to begin with > initially | in general > generally | in particular > particularly | in total > altogether |
all in all > overall | in part > partly | in secret > secretly | in advance > beforehand |
ahead of time > beforehand | ahead of schedule > early | on time > punctually | in detail > detailed |
in depth > detailed | in brief > briefly | in short > briefly | in a nutshell > briefly |
in other words > meaning | in simple terms > simply | in plain english > simply | in layman's terms > simply |
in spite of > despite | because of > due to | on account of > due to | owing to > due to |
as a result of > due to | thanks to > due to | in case of > if | in the event of > if | in the event that > if |
in case > if | provided that > if | as long as > if | so long as > if | with the aim of > to |
for the purpose of > for | with the help of > using | by means of > using | by using > using | by way of > via |
through the use of > using | regarding > about | concerning > about | as regards > about | in terms of > about |
on top of > on | in the vicinity of > near | in the middle of > amid | inside of > inside |
outside of > outside | with the exception of > except | except for > except | other than > except |
instead of > rather than | in place of > rather than | in lieu of > rather than | along with > with |
together with > with | in conjunction with > with | in combination with > with | plenty of > many |
a great deal of > much | a large number of > many | a number of > several | a couple of > two | a few > some |
a bit of > some | a little bit > a little | a pair of > two | a dozen > twelve | half a dozen > six |
the majority of > most | the vast majority of > most | all of the > all | each of the > each |
both of the > both | either of the > either | figure out > determine | figuring out > determining |
find out > discover | finding out > discovering | found out > discovered | setting up > installing |
put in > insert | putting in > inserting | put together > assemble | putting together > assembling |
take apart > disassemble | taking apart > disassembling | put off > postpone | putting off > postponing |
push back > postpone | call off > cancel | calling off > cancelling | called off > cancelled |
carry out > perform | carrying out > performing | carried out > performed | carry on > continue |
keep on > continue | keeps on > continues | going on > happening | take place > happen | takes place > happens |
took place > happened | taken place > happened | taking place > happening | come about > happen |
came about > happened | give up > quit | giving up > quitting | gave up > quit | hand in > submit |
fill out > complete | filling out > completing | fill in > complete | filling in > completing |
look for > search | looking for > searching | search for > search | look up > search | looking up > searching |
look after > care for | looking after > caring for | looks after > cares for | take care of > care for |
taking care of > caring for | take care of my > care for my | care of > care for | look like > resemble |
looks like > resembles | look alike > similar | speed up > accelerate | speeding up > accelerating |
slow down > decelerate | slowing down > decelerating | make faster > accelerate | make it faster > accelerate |
make bigger > enlarge | make it bigger > enlarge | make larger > enlarge | make smaller > shrink |
make it smaller > shrink | make shorter > shorten | make it shorter > shorten | make this shorter > shorten |
make longer > lengthen | make it longer > lengthen | make stronger > strengthen | make weaker > weaken |
make thicker > thicken | make it thicker > thicken | make thinner > thin | make softer > soften |
make wider > widen | make brighter > brighten | make darker > darken | make sweeter > sweeten |
make sharper > sharpen | make better > improve | make it better > improve | make worse > worsen |
make easier > ease | make simpler > simplify | make it simpler > simplify | make warmer > warm |
make cooler > cool | make louder > increase the volume of | make sure > ensure | making sure > ensuring |
make certain > ensure | be sure > ensure | make use of > use | making use of > using | makes use of > uses |
take advantage of > use | made up of > composed of | is made of > contains | are made of > contain |
made out of > made of | consist of > contain | consists of > contains | is composed of > contains |
make an appointment > book an appointment | make a reservation > reserve | make a booking > book |
make a payment > pay | make a purchase > buy | make a complaint > complain | make a copy of > copy |
make a backup of > backup | make a list of > list | make a decision > decide | make a choice > choose |
make a call > call | make a phone call > call | make a mistake > err | make an offer > offer |
make a donation > donate | make a claim > claim | make money > earn | making money > earning |
make friends > befriend | make fun of > mock | make peace > reconcile | take a picture of > photograph |
take a photo of > photograph | take pictures of > photograph | take photos of > photograph |
take a screenshot > screenshot | taking a screenshot > screenshot | take a shower > shower |
take a bath > bathe | take a nap > nap | take a break > rest | take a look at > look at |
have a look at > look at | take part in > participate in | taking part in > participating in |
took part in > participated in | take care > care | take notes > note | take into account > consider |
take into consideration > consider | take down > dismantle | do the laundry > wash clothes |
do laundry > wash clothes | do the dishes > wash dishes | do the washing up > wash dishes |
do exercise > exercise | do research on > research | do a search > search | do an analysis of > analyze |
do some editing > edit | do a backup > backup | give a definition of > define |
give the definition of > define | give a summary of > summarize | give me a summary of > summarize |
give an overview of > summarize | give an explanation of > explain | give me an explanation of > explain |
give a description of > describe | give birth > bear a child | give permission > permit | give advice > advise |
give notice > resign | give away > donate | give a speech > speak | have an effect on > affect |
have an impact on > affect | has an effect on > affects | has an impact on > affects |
has an influence on > influences | have influence on > influence | have a baby > bear a child |
have difficulty > struggle | have trouble > struggle | having trouble > struggling |
having difficulty > struggling | put on weight > gain weight | putting on weight > gain weight |
get fat > gain weight | get slim > lose weight | shed pounds > lose weight | drop pounds > lose weight |
get bigger > grow | get smaller > shrink | get larger > grow | get better > improve |
getting better > improving | get worse > worsen | getting worse > worsening | get older > age |
getting older > aging | get old > age | get wet > wet | get dry > dry | get warm > warm | get hot > heat |
get cold > cool | get tired > tire | get married > marry | getting married > marrying | got married > married |
get divorced > divorce | getting divorced > divorcing | get pregnant > conceive |
getting pregnant > conceiving | get dressed > dress | get undressed > undress | get up > rise |
get in touch with > contact | getting in touch with > contacting | get in contact with > contact |
get a hold of > contact | get hold of > contact | be in touch with > contact | get along with > befriend |
get over > overcome | getting over > overcoming | get through > survive | get started with > start |
get going > start | get away > escape | get sick > fall ill | get ill > fall ill | get a job > find a job |
get hired at > find a job at | get a divorce > divorce | get a loan > borrow money | get a copy of > copy |
wake up > wake | waking up > waking | woke up > woke | fall asleep > sleep | falling asleep > sleeping |
fell asleep > slept | go to sleep > sleep | get to sleep > sleep | go to bed > sleep | stay awake > not sleep |
fall in love with > love | fall over > fall | fall down > fall | fall apart > disintegrate |
come up with > invent | coming up with > inventing | came up with > invented | come to an end > end |
came to an end > ended | come into being > originate | came into being > originated |
come to power > rise to power | came to power > rose to power | came out > released | comes out > released |
come across > encounter | come true > happen | come to terms with > accept | cope with > handle |
deal with > handle | dealing with > handling | dealt with > handled | put up with > tolerate |
putting up with > tolerating | stands for > means | stood for > meant | end up > finish | ends up > finishes |
wind up > finish | finish off > finish | use up > consume | eat up > consume | run out of > exhaust |
running out of > exhausting | run away > flee | ran away > fled | shut down > shutdown |
shutting down > shutdown | turn off > shutdown | turning off > switching off | turn on > switch on |
turning on > switching on | turned on > switched on | turned off > switched off | power on > switch on |
power off > switch off | power up > switch on | power down > switch off | boot up > boot | start up > start |
starting up > starting | start again > restart | start from scratch > restart | begin again > restart |
turn up > raise | turn around > reverse | turn out > result | plug in > connect | hook up > connect |
hooking up > connecting | hook up to > connect to | link up > connect | connect up > connect |
logging in > login | logged in > login | log on > login | signing in > login | signed in > login |
logging out > logout | logged out > logout | log off > logout | signing out > logout |
signing up > registering | signed up > registered | sign up for > register for | opt out of > unsubscribe from |
opt in > subscribe | back up > backup | backing up > backup | backed up > backup | clean up > clean |
cleaning up > cleaning | clear up > clear | tidy up > tidy | mop up > mop | wipe off > wipe | wash off > wash |
rub off > rub | cut off > cut | cutting off > cutting | cut up > cut | cut down > reduce |
cut down on > reduce | cut back on > reduce | cutting down on > reducing | chop up > chop | heat up > heat |
heating up > heating | warm up > warm | warming up > warming | cool down > cool | cooling down > cooling |
cool off > cool | dry out > dry | dry off > dry | drying out > drying | calm down > calm |
calming down > calming | cheer up > cheer | let go of > release | let go > release | let know > inform |
let me know > tell me | let down > disappoint | let in > admit | lock up > lock |
break up with > separate from | break up > separate | breaking up with > separating from | split up > separate |
blow up > explode | blew up > exploded | blow out > extinguish | put out > extinguish |
putting out > extinguishing | set on fire > ignite | catch fire > ignite | catches fire > ignites |
set free > release | set apart > distinguish | tell apart > distinguish | telling apart > distinguishing |
tell the difference between > distinguish | tell the difference > distinguish |
distinguish between > distinguish | what is the difference between > difference between |
what's the difference between > difference between | what are the differences between > difference between |
in what way does > how does | in what ways does > how does | in which way does > how does | pick up > collect |
picking up > collecting | picked up > collected | pick out > choose | point out > indicate |
sum up > summarize | summing up > summarizing | adding up > summing | add together > sum | count up > count |
multiply by two > double | multiplied by > times | divided by > over | raised to the power of > power |
to the power of > power | square root of > sqrt | greater than > more than | bigger than > larger than |
less than > fewer than | write down > record | writing down > recording | wrote down > recorded |
note down > record | jot down > record | write out > write | type in > enter | typing in > entering |
key in > enter | print out > print | printing out > printing | read through > read | go through > review |
brush up on > review | check up on > check | try out > test | trying out > testing | test out > test |
have a try > try | give it a try > try | bring up > raise | bringing up > raising | brought up > raised |
grow up > grow | growing up > growing | pass away > die | passed away > died | passes away > dies |
pass out > faint | passing out > fainting | passed out > fainted | throw up > vomit | throwing up > vomiting |
threw up > vomited | lie down > lie | sit down > sit | stand up > stand | slip up > err | mess up > ruin |
messed up > ruined | screw up > ruin | go bad > spoil | goes bad > spoils | going bad > spoiling |
gone bad > spoiled | went bad > spoiled | turn bad > spoil | go sour > sour | go moldy > mold |
go rotten > rot | go wrong > fail | goes wrong > fails | go away > disappear | goes away > disappears |
go up > increase | goes up > increases | going up > increasing | went up > increased | go down > decrease |
goes down > decreases | going down > decreasing | went down > decreased | go on a trip to > travel to |
go on vacation > travel | go on holiday > travel | go on a diet > diet | goes with > matches |
goes well with > matches | go well with > match | goes together with > matches | pair with > match |
pairs well with > matches | last for > last | keep fresh > preserve | stay fresh > keep | keep away > repel |
keeping away > repelling | keep out > exclude | keep up with > follow | keep track of > track |
keeping track of > tracking | keep in mind > remember | bear in mind > remember | learn by heart > memorize |
know by heart > memorize | commit to memory > memorize | fight off > combat | ward off > repel |
protect against > protect from | guard against > protect from | hang out with > meet | meet up with > meet |
ask out > invite | ask for > request | asking for > requesting | asked for > requested | apply for > request |
put in for > request | call for > require | calls for > requires | in need of > need |
is needed for > is required for | depend on > depends | rely on > depends | relies on > depends on |
count on > depends | be able to > can | am able to > can | is able to > can | are able to > can |
was able to > could | is capable of > can | are capable of > can | is it allowed to > can i |
am i allowed to > can i | am i permitted to > can i | are we allowed to > can i | are you allowed to > can i |
is it ok to > can i | is it okay to > can i | is it alright to > can i | is it all right to > can i |
is it fine to > can i | is it acceptable to > can i | is it possible to > can i |
is it possible for me to > can i | would it be possible to > can i | is there a way to > can i |
is there any way to > can i | is there a way i can > can i | is there any chance to > can i |
is there an option to > can i | do i have the right to > can i | is it permissible to > can i |
is it permitted to > can i | may i > can i | could i > can i | might i > can i | am i able to > can i |
is one allowed to > can i | can one > can i | can you > can i | can we > can i | can people > can i |
is it safe to > safe to | what do i have to do in order to > how do i | what do i have to do to > how do i |
what do i need to do to > how do i | what do i need to do in order to > how do i | what do i do to > how do i |
what must i do to > how do i | what should i do to > how do i | what can i do to > how do i |
what could i do to > how do i | what would i do to > how do i | what steps do i take to > how do i |
what steps should i take to > how do i | what steps are needed to > how do i |
what are the steps to > how do i | what are the steps for > how do i |
what are the steps involved in > how do i | what is the way to > how do i | what's the way to > how do i |
what is a way to > how do i | what is a good way to > how do i | what's a good way to > how do i |
what are some ways to > how do i | what are ways to > how do i | what are good ways to > how do i |
what is the best way to > how do i | what's the best way to > how do i | what is the right way to > how do i |
what's the right way to > how do i | what is the correct way to > how do i |
what's the correct way to > how do i | what is the proper way to > how do i |
what's the proper way to > how do i | what is the procedure for > how do i |
what is the process for > how do i | what's the process for > how do i | what is the method for > how do i |
what is the trick to > how do i | what's the trick to > how do i | what does it take to > how do i |
what is needed to > how do i | what is the command to > what command | what's the command to > what command |
which command > what command | what is the syntax for > syntax of | which way is best to > how do i |
how can i > how do i | how could i > how do i | how would i > how do i | how should i > how do i |
how may i > how do i | how might i > how do i | how can you > how do i | how could you > how do i |
how would you > how do i | how should you > how do i | how do you > how do i | how do we > how do i |
how can we > how do i | how should we > how do i | how does one > how do i | how can one > how do i |
how would one > how do i | how should one > how do i | how do people > how do i | how does someone > how do i |
how can someone > how do i | how am i able to > how do i | how am i supposed to > how do i |
how are you supposed to > how do i | how is one supposed to > how do i | how do i go about > how do i |
how would i go about > how do i | how should i go about > how do i | how can i go about > how do i |
how do you go about > how do i | how would you go about > how do i | how does one go about > how do i |
how to go about > how do i | how do i manage to > how do i | how can i manage to > how do i |
how is it possible to > how do i | how to > how do i | how to best > how do i | how best to > how do i |
how do i best > how do i | how do i properly > how do i | how do i correctly > how do i | ways to > how do i |
ways of > how do i | way to > how do i | a way to > how do i | best way to > how do i |
the best way to > how do i | steps to > how do i | instructions for > how do i |
instructions on how to > how do i | instructions to > how do i | guide to > how do i |
a guide on how to > how do i | tips for > how do i | tips on > how do i | tips on how to > how do i |
advice on > how do i | advice on how to > how do i | help me with > how do i | help me to > help me |
i need help with > help me | i need some help with > help me | i need help to > help me |
i need assistance with > help me | i need to know how to > how do i | i need to know > tell me |
i need to find out > tell me | i need instructions to > how do i | i want to know how to > how do i |
i want to know > tell me | i want to learn how to > how do i | i want to find out > tell me |
i would like to know how to > how do i | i'd like to know how to > how do i | i'd like to know > tell me |
i would love to know > tell me | i'd love to know > tell me | i wish to know > tell me | i wonder > tell me |
i was wondering > tell me | i'm wondering > tell me | i am wondering > tell me |
i was just wondering > tell me | just wondering > tell me | i'm curious > tell me | i am curious > tell me |
i'm curious about > what is | just curious > tell me | out of curiosity > tell me |
i was hoping you could tell me > tell me | i was hoping you could explain > explain |
i was hoping you could help me > help me | i was hoping to find out > tell me |
i hope you can tell me > tell me | i'm hoping to find out > tell me | i'm trying to find out > tell me |
i am trying to find out > tell me | i'm trying to figure out > tell me | i am trying to figure out > tell me |
i'm trying to understand > explain | i am trying to understand > explain | i'm trying to > how do i |
i am trying to > how do i | i'm looking to > how do i | i am looking to > how do i |
i'm looking for a way to > how do i | i am looking for a way to > how do i | i'm looking for > find me |
i am looking for > find me | i'm searching for > find me | i need a way to > how do i |
i want a way to > how do i | i need to > how do i | i want to > how do i | i would like to > how do i |
i'd like to > how do i | i'm interested in knowing > tell me | i'm interested in > what is |
i don't know how to > how do i | i do not know how to > how do i | i have no idea how to > how do i |
i can't figure out how to > how do i | i cannot figure out how to > how do i | i'm not sure how to > how do i |
i am not sure how to > how do i | i'm unsure how to > how do i | i forgot how to > how do i |
i don't understand > explain | i do not understand > explain | i don't get > explain |
i have a question about > what is | i've got a question about > what is | quick question > please |
quick question about > what is | my question is > please | the question is > please |
here is my question > please | one more question > please | got a question > please |
any idea how to > how do i | any idea how > how | any idea what > what | any idea why > why |
any idea where > where | any idea when > when | any idea who > who | any clue how > how | any clue why > why |
any clue what > what | any tips for > how do i | any tips on > how do i | any advice on > how do i |
any suggestions for > how do i | any suggestions on > how do i | any way to > can i | anyone know > tell me |
anyone know how to > how do i | anybody know > tell me | does anyone know > tell me |
does anybody know > tell me | does somebody know > tell me | does anyone have an idea > tell me |
do you know > tell me | do you know how to > how do i | do you have any idea > tell me |
do you have an idea > tell me | do you happen to know > tell me | have you any idea > tell me |
would you know > tell me | would you happen to know > tell me | can you tell me > tell me |
could you tell me > tell me | would you tell me > tell me | will you tell me > tell me |
can you please tell me > tell me | could you please tell me > tell me | please tell me > tell me |
can anyone tell me > tell me | can someone tell me > tell me | could someone tell me > tell me |
can somebody tell me > tell me | kindly tell me > tell me | please let me know > tell me |
can you let me know > tell me | could you let me know > tell me | mind telling me > tell me |
would you mind telling me > tell me | do you mind telling me > tell me |
i'd appreciate it if you told me > tell me | i would appreciate knowing > tell me | give me > tell me |
can you give me > tell me | could you give me > tell me | please give me > tell me | provide me with > tell me |
please provide > tell me | can you provide > tell me | could you provide > tell me | share with me > tell me |
inform me > tell me | inform me about > what is | remind me > tell me | show me > tell me |
show me how to > how do i | can you show me how to > how do i | could you show me how to > how do i |
please show me how to > how do i | teach me how to > how do i | teach me to > how do i |
tell me how to > how do i | tell me the way to > how do i | tell me how i can > how do i |
tell me how do i > how do i | can you tell me how to > how do i | could you tell me how to > how do i |
can you explain how to > how do i | could you explain how to > how do i | please explain how to > how do i |
explain how to > how do i | explain how i can > how do i | explain to me > explain |
explain to me how to > how do i | describe how to > how do i | walk me through > how do i |
can you walk me through > how do i | could you walk me through > how do i | guide me through > how do i |
take me through > how do i | talk me through > how do i | give me instructions for > how do i |
give me the steps to > how do i | give me step by step instructions for > how do i | can you explain > explain |
could you explain > explain | would you explain > explain | please explain > explain |
can you please explain > explain | could you please explain > explain | can someone explain > explain |
could someone explain > explain | would you mind explaining > explain | help me understand > explain |
can you help me understand > explain | could you help me understand > explain | can you help me > help me |
could you help me > help me | would you help me > help me | please help me > help me |
can you please help me > help me | could you please help me > help me | can someone help me > help me |
can you help me with > help me | i would appreciate help with > help me | can you clarify > explain |
could you clarify > explain | can you describe > describe | could you describe > describe |
please describe > describe | can you define > define | could you define > define | please define > define |
can you list > list | could you list > list | please list > list | can you name > name | could you name > name |
please name > name | can you write > write | could you write > write | please write > write | write me > write |
can you write me > write | could you write me > write | i need you to write > write |
i want you to write > write | i'd like you to write > write | i would like you to write > write |
compose a > write a | draft a > write a | can you translate > translate | could you translate > translate |
please translate > translate | can you summarize > summarize | could you summarize > summarize |
please summarize > summarize | can you recommend > recommend | could you recommend > recommend |
please recommend > recommend | can you suggest > recommend | could you suggest > recommend |
please suggest > recommend | can you fix > fix | could you fix > fix | please fix > fix | can you find > find |
could you find > find | please find > find | can you check > check | could you check > check |
please check > check | can you convert > convert | could you convert > convert | please convert > convert |
can you calculate > calculate | could you calculate > calculate | please calculate > calculate |
could you please > please | can you please > please | would you please > please | would you mind > please |
would you kindly > please | would you be so kind as to > please | would you be able to > please |
i want you to > please | i need you to > please | i'd like you to > please | i would like you to > please |
i was hoping you could > please | thanks in advance > please | thank you in advance > please |
thank you > please | many thanks > please | hi there > please | hello there > please | good morning > please |
good afternoon > please | good evening > please | excuse me > please | by the way > please |
if you don't mind > please | if possible > please | if you can > please | if you could > please |
as far as you know > please | to be honest > please | to your knowledge > please | for me > please |
in your opinion > please | what is the reason that > why | what is the reason why > why |
what's the reason for > why | what's the reason that > why | what is the reason behind > why |
what's the reason behind > why | what are the reasons why > why | what's the deal with > explain |
what is it that makes > what makes | for what reasons > why | for which reason > why | the reason why > why |
reason for > why | tell me why > why | explain why > why | can you tell me why > why |
can you explain why > why | could you explain why > why | do you know why > why | why is it that > why |
why is that > why | what for > why | what do you call > what is the name of |
what do we call > what is the name of | what is it called > name | what is called > name |
what's the name of > what is the name of | what's the word for > what is the word for |
which word describes > what is the word for | what is the term for > what is the word for |
what's the term for > what is the word for | what is another word for > synonym of |
what's another word for > synonym of | another word for > synonym of | a different word for > synonym of |
words like > synonym of | synonyms for > synonym of | what is a synonym for > synonym of |
what is the opposite of > opposite of | what's the opposite of > opposite of | antonym of > opposite of |
antonym for > opposite of | what is meant by > what does mean | what is the meaning of > meaning of |
what's the meaning of > meaning of | what is the definition of > definition of |
what's the definition of > definition of | what do you mean by > meaning of | what does stand for > meaning of |
what does the word mean > meaning of | what does the term mean > meaning of |
the meaning of the word > meaning of | the definition of the word > definition of |
how would you define > definition of | how do you define > definition of | how tall is > what is the height of |
how tall are > what is the height of | how tall was > what was the height of |
how high is > what is the height of | how high are > what is the height of |
how deep is > what is the depth of | how deep are > what is the depth of | how wide is > what is the width of |
how wide are > what is the width of | how long is > what is the length of |
how long are > what is the length of | how big is > what is the size of | how big are > what is the size of |
how large is > what is the size of | how large are > what is the size of |
how heavy is > what is the weight of | how heavy are > what is the weight of | how old is > what is the age of |
how old are > what is the age of | how old was > what was the age of | how fast is > what is the speed of |
how fast are > what is the speed of | how hot is > what is the temperature of |
how hot are > what is the temperature of | how cold is > what is the temperature of |
how warm is > what is the temperature of | how far is > what is the distance to |
how far away is > what is the distance to | how far is it from > what is the distance from |
number of people living in > population of | number of inhabitants of > population of |
how big is the population of > what is the population of |
how large is the population of > what is the population of | what does it cost > price |
what does cost > price | what do cost > price | at what price > how much | free of charge > free |
at no cost > free | for free > free | for nothing > free | without paying > free | without charge > free |
at no charge > free | what is the number of > what number of | what's the number of > what number of |
what is the amount of > how much | what is the quantity of > how much | what amount of > how much |
what quantity of > how much | how often > how frequently | how frequently > how often |
at what intervals > how frequently | with what frequency > how frequently |
what is the frequency of > how frequently | how long does it take to > how long to |
how long does it take > how long | how long do i have to > how long to | how long do you > how long to |
how long do i > how long to | how long should i > how long to | how long should you > how long to |
how long will it take > how long | how long would it take > how long |
how much time does it take to > how long to | how much time do i need to > how long to |
how much time is needed to > how long to | for how long > how long | what length of time > how long |
what amount of time > how long | what is the duration of > how long | how long does last > duration |
at what date > when | on what date > when | on which date > when | on what day > when | on which day > when |
what is the date of > when is | what's the date of > when is | what was the date of > when was |
at which point > when | during what year > when | during which years > when | at what age > how old |
what age > how old | when did take place > when was | when did happen > when was | when did occur > when was |
what time of year > when | what time of the year > when | what time of day > when | in what place > where |
in which place > where | at what place > where | at which place > where | in what city > where |
in what location > where | what is the location of > where is | what's the location of > where is |
whereabouts > where | where is located > where is | where are located > where are |
where can i find > where is | where do i find > where is | where would i find > where is |
where can you find > where is | where can one find > where is | where can i get > where to buy |
where do i get > where to buy | where can i buy > where to buy | where do i buy > where to buy |
where could i buy > where to buy | where should i buy > where to buy | where can i purchase > where to buy |
where do they sell > where to buy | which shop sells > where to buy | which store sells > where to buy |
what store sells > where to buy | where can i see > where is | where can i > where do i |
where should i > where do i | where could i > where do i | to what place > where | from what place > where |
from where > where | who is the person who > who | who is the person that > who | who was the person who > who |
who was the person that > who | who was it that > who | who is it that > who | who is the one who > who |
name of the person who > who | the name of the person who > who | what's the name of the person who > who |
what is the name of the author of > who wrote | who is the author of > who wrote |
who's the author of > who wrote | who was the author of > who wrote | who authored > who wrote |
author of > who wrote | by whom was written > who wrote | who is the writer of > who wrote |
who was the writer of > who wrote | who is the inventor of > who invented |
who was the inventor of > who invented | by whom was invented > who invented |
who is credited with inventing > who invented | who came up with > who invented |
who is the discoverer of > who discovered | who was the discoverer of > who discovered |
who is credited with discovering > who discovered | who is the painter of > who painted |
who was the painter of > who painted | who is the composer of > who composed |
who was the composer of > who composed | who is the founder of > who founded |
who was the founder of > who founded | who is the creator of > who created |
who was the creator of > who created | who is the director of > who directed |
who was the director of > who directed | who is the singer of > who sings | who is the owner of > who owns |
who is the manufacturer of > who makes | who was the builder of > who built | who was the winner of > who won |
who is the winner of > who won | what is the capital of > capital of | what's the capital of > capital of |
what is the capital city of > capital of | what's the capital city of > capital of |
which city is the capital of > capital of | what city is the capital of > capital of |
name the capital of > capital of | the capital city of > capital of | capital city of > capital of |
capital city > capital | what is the currency of > currency of | what's the currency of > currency of |
what currency is used in > currency of | which currency is used in > currency of |
what currency does use > currency | what money is used in > currency of |
what money do they use in > currency of | what currency do they use in > currency of |
official currency > currency | what language is spoken in > language of |
what language do they speak in > language of | what languages are spoken in > language of |
which language is spoken in > language of | what language do people speak in > language of |
what is the birthplace of > birthplace | place of birth > birthplace | date of birth > birthday |
birth date > birthday | birthdate > birthday | date of death > when died | day of birth > birthday |
cause of death > how died | how did die > how died | what did die of > how died | what did die from > how died |
what is the boiling point of > at what temperature boils | what temperature does boil > boiling point |
at what temperature does boil > boiling point | at what temperature does freeze > freezing point |
what temperature does freeze > freezing point | at what temperature does melt > melting point |
what temperature does melt > melting point | what kind of > what | what kinds of > what | what sort of > what |
what sorts of > what | what type of > what | what types of > what | which kind of > what |
which type of > what | which sort of > what | what are some > what are | what are examples of > examples of |
what are some examples of > examples of | give examples of > examples of | give me examples of > examples of |
give an example of > example of | give me an example of > example of | name some > examples of |
name a few > examples of | such as > like | for example > like | for instance > like | e.g. > like |
i.e. > meaning | what are the advantages of > advantages of | what are the benefits of > advantages of |
what are the upsides of > advantages of | what good does do > advantages |
what are the disadvantages of > disadvantages of | what are the drawbacks of > disadvantages of |
what are the downsides of > disadvantages of | what are the cons of > disadvantages of |
what are the pros of > advantages of | pros and cons > advantages and disadvantages |
ups and downs > advantages and disadvantages | plus points > advantages | what are the signs of > symptoms of |
what are the symptoms of > symptoms of | what are signs of > symptoms of |
how do i know if i have > symptoms of | how can i tell if i have > symptoms of |
how do you know if you have > symptoms of | how do i know if > how can i tell if |
how do i know whether > how can i tell if | how do i know when > how can i tell when |
how can i know if > how can i tell if | how can i tell whether > how can i tell if |
how can you tell if > how can i tell if | how do you tell if > how can i tell if |
how do i tell if > how can i tell if | how do you know if > how can i tell if |
how do you know when > how can i tell when | how will i know if > how can i tell if |
how do i check if > how can i tell if | how do i check whether > how can i tell if |
how do i determine if > how can i tell if | how do i determine whether > how can i tell if |
how do i find out if > how can i tell if | how do i see if > how can i tell if |
what are the signs that > how can i tell that | what happens if > what if | what will happen if > what if |
what would happen if > what if | what are the consequences if > what if | what is the effect of > effect of |
what effect does have on > effect on | what are the effects of > effect of | what is the result of > result of |
what is used for > purpose | what are used for > purpose | what is the use of > purpose of |
what is the purpose of > purpose of | what's the purpose of > purpose of | what is the point of > purpose of |
what's the point of > purpose of | what is the function of > purpose of | what's the function of > purpose of |
what is the role of > purpose of | what does do > purpose | what do you use for > purpose |
what is the job of > purpose of | how does work > how works | how do work > how works |
what is the working principle of > how works | how does function > how works | how is made > how to make |
how are made > how to make | how is produced > how to make | how do they make > how to make |
what is made of > ingredients | what are made of > ingredients | what ingredients are in > ingredients of |
what do i need for > ingredients of | recipe for > how to make | a recipe for > how to make |
give me a recipe for > how to make | what is the recipe for > how to make | is it true that > does |
is it correct that > does | is it a fact that > does | is it the case that > does | would it be ok to > can i |
would it be okay to > can i | can i safely > safe to | can you safely > safe to | is it dangerous to > safe to |
is it harmful to > safe to | is it bad to > safe to | is it healthy to > is it good for you to |
is it against the law to > is it legal to | is it illegal to > is it legal to |
is it lawful to > is it legal to | against the law > illegal | not allowed > forbidden |
not permitted > forbidden | not legal > illegal | not safe > unsafe | not possible > impossible |
i'm unable to > i cannot | i am unable to > i cannot | i'm not able to > i cannot |
i am not able to > i cannot | i can not > i cannot | i can't > i cannot | i couldn't > i cannot |
fails to > does not | refuses to > does not | won't > does not | will not > does not | isn't working > broken |
is not working > broken | doesn't work > broken | does not work > broken | not working > broken |
won't work > broken | stopped working > broken | has stopped working > broken | quit working > broken |
no longer works > broken | out of order > broken | not functioning > broken | is on the fritz > broken |
does not turn on > will not start | doesn't turn on > will not start | won't turn on > will not start |
won't start > will not start | does not start > will not start | doesn't start > will not start |
won't boot > will not start | will not turn on > will not start | won't switch on > will not start |
hasn't arrived > not arrived | has not arrived > not arrived | hasn't come > not arrived |
has not come yet > not arrived | never arrived > not arrived | didn't arrive > not arrived |
did not arrive > not arrived | never came > not arrived | never showed up > not arrived |
haven't received > not received | have not received > not received | didn't receive > not received |
did not receive > not received | haven't gotten > not received | didn't get > not received |
did not get > not received | never received > not received | never got > not received |
order status > track order | i forgot my password > reset my password |
i've forgotten my password > reset my password | i have forgotten my password > reset my password |
i lost my password > reset my password | i can't remember my password > reset my password |
i don't remember my password > reset my password | forgotten password > reset password |
lost password > reset password | recover my password > reset my password |
restore my password > reset my password | get a new password > reset password |
retrieve my password > reset my password | i want my money back > refund | i want a refund > refund |
i'd like a refund > refund | i need a refund > refund | i would like a refund > refund |
ask for a refund > refund | request a refund > refund | claim a refund > refund | apply for a refund > refund |
can i get a refund > refund | speak to a human > contact customer service |
talk to a human > contact customer service | speak to a person > contact customer service |
talk to a person > contact customer service | speak with an agent > contact customer service |
speak to an agent > contact customer service | talk to an agent > contact customer service |
talk to a representative > contact customer service | speak to a representative > contact customer service |
reach customer service > contact customer service | call customer service > contact customer service |
get in touch with customer service > contact customer service | reach support > contact customer service |
customer support > customer service | customer care > customer service | help desk > customer service |
support team > customer service | close my account > delete my account |
closing my account > deleting my account | remove my account > delete my account |
get rid of my account > delete my account | terminate my account > delete my account |
cancel my account > delete my account | open an account > create an account |
opening an account > creating an account | make an account > create an account |
set up an account > create an account | register an account > create an account |
register for an account > create an account | sign up for an account > create an account |
end my subscription > cancel my subscription | stop my subscription > cancel my subscription |
terminate my subscription > cancel my subscription | stop receiving emails > unsubscribe |
stop getting emails > unsubscribe | charged twice > double charged | billed twice > double charged |
charged two times > double charged | double billed > double charged | place an order > order |
placing an order > ordering | placed an order > ordered | delivery fee > shipping cost |
delivery cost > shipping cost | delivery charge > shipping cost | shipping fee > shipping cost |
shipping charge > shipping cost | cost of shipping > shipping cost | cost of delivery > shipping cost |
delivery address > shipping address | delivery time > shipping time | what time do you open > opening time |
promo code > coupon | promotional code > coupon | discount code > coupon | voucher code > coupon |
gift card > gift voucher | gift certificate > gift voucher | in stock > available | out of stock > unavailable |
sold out > unavailable | back in stock > available again | means of payment > payment method |
way of paying > payment method | payment option > payment method | payment options > payment methods |
method of payment > payment method | ways to pay > payment methods | ways of paying > payment methods |
how can i pay > payment methods | what forms of payment > what payment methods | cell phone > cellphone |
mobile phone > cellphone | smart phone > smartphone | hard drive > hard disk | hard disk drive > hard disk |
flash drive > usb stick | thumb drive > usb stick | usb drive > usb stick | memory stick > usb stick |
web page > webpage | web site > website | web browser > browser | operating system > os | wi fi > wifi |
email address > email | user name > username | pass word > password | file name > filename |
name of the file > filename | file path > path | file extension > extension | file size > size of file |
text file > textfile | zip code > postcode | postal code > postcode | post code > postcode |
command line > terminal | command prompt > terminal | line break > newline | new line > newline |
new lines > newlines | line breaks > newlines | white space > whitespace | blank line > empty line |
blank lines > empty lines | upper case > uppercase | capital letters > uppercase | all caps > uppercase |
lower case > lowercase | small letters > lowercase | data base > database | data type > datatype |
key value pair > entry | merge request > pull request | source code > code | piece of code > code |
code snippet > code | lines of code > code | environment variable > env var | environment variables > env vars |
regular expressions > regexes | artificial intelligence > ai | virtual machine > vm |
virtual environment > venv | user interface > ui | central processing unit > cpu | graphics card > gpu |
video card > gpu | random access memory > ram | object oriented programming > oop | version control > vcs |
stack overflow > stackoverflow | starting point > beginning | check whether > check if | see if > check if |
see whether > check if | test if > check if | test whether > check if | find out if > check if |
find out whether > check if | determine if > check if | determine whether > check if |
verify that > check that | make sure that > check that | loop through > iterate over |
loop over > iterate over | looping through > iterating over | iterate through > iterate over |
go through each > iterate over | step through > iterate over | traverse > iterate over |
change to > convert to | transform into > convert to | cast to > convert to | get the length of > length of |
find the length of > length of | get the size of > size of | number of elements in > length of |
number of items in > length of | number of characters in > length of | from a to z > alphabetically |
in alphabetical order > alphabetically | by alphabet > alphabetically | in ascending order > ascending |
in descending order > descending | in reverse order > reversed | in reverse > reversed |
get the last element > last element | go back to the previous commit > revert commit |
undo the last commit > revert last commit | undo my last commit > revert last commit |
take back the last commit > revert last commit | discard changes > undo changes |
throw away changes > undo changes | throw away my changes > undo my changes |
switch to another branch > change branch | move to another branch > change branch |
change to another branch > change branch | the states > usa | new york city > nyc | european union > eu |
united nations > un | world war 2 > wwii | world war two > wwii | world war ii > wwii |
second world war > wwii | ww2 > wwii | world war 1 > wwi | world war one > wwi | world war i > wwi |
first world war > wwi | ww1 > wwi | soviet union > ussr | middle ages > medieval |
roman numerals > roman numbers | high blood pressure > hypertension | low blood pressure > hypotension |
high blood sugar > hyperglycemia | low blood sugar > hypoglycemia | heart attack > myocardial infarction |
common cold > cold | runny nose > nasal discharge | stuffy nose > congested nose |
blocked nose > congested nose | pins and needles > tingling | throat infection > sore throat |
stomach ache > stomachache | stomach pain > stomachache | pain in my stomach > stomachache |
tummy ache > stomachache | belly ache > stomachache | head ache > headache | pain in my head > headache |
my head hurts > headache | tooth ache > toothache | my tooth hurts > toothache | pain in my tooth > toothache |
back pain > backache | back ache > backache | my back hurts > backache | pain in my back > backache |
ear ache > earache | ear pain > earache | pain in my ear > earache | sore stomach > stomachache |
upset stomach > stomach upset | high temperature > fever | running a temperature > fever |
run a temperature > fever | bad breath > halitosis | short of breath > breathless |
shortness of breath > breathlessness | difficulty breathing > breathlessness |
trouble breathing > breathlessness | hair loss > losing hair | losing my hair > losing hair |
weight loss > lose weight | losing weight > lose weight | weight gain > gain weight |
gaining weight > gain weight | side effects > adverse effects | sick leave > sick days |
birth control > contraception | blood test > blood work | work out at the gym > exercise |
working out > exercising | physical exercise > exercise | shelf life > how long keeps | stay good > keep |
stays good > keeps | lasts in the fridge > keeps in the fridge | in the refrigerator > in the fridge |
put in the freezer > freeze | put in the fridge > refrigerate | store in the freezer > freeze |
cook in the oven > bake | hard boil > hard-boil | hard boiled > hard-boiled | soft boiled > soft-boiled |
stir fry > stir-fry | french fries > fries | ground beef > minced beef | icing sugar > powdered sugar |
confectioners sugar > powdered sugar | caster sugar > superfine sugar | bicarbonate of soda > baking soda |
bicarb > baking soda | plain flour > all-purpose flour | all purpose flour > all-purpose flour |
double cream > heavy cream | spring onion > scallion | spring onions > scallions | green onion > scallion |
green onions > scallions | bell pepper > sweet pepper | cutting board > chopping board | frying pan > skillet |
baking tray > baking sheet | cookie sheet > baking sheet | cling film > plastic wrap |
saran wrap > plastic wrap | tin foil > aluminum foil | paper towel > kitchen roll |
dish soap > washing-up liquid | dishwashing liquid > washing-up liquid | washing up liquid > washing-up liquid |
washing machine > washer | tumble dryer > dryer | clothes dryer > dryer | laundry detergent > washing powder |
vacuum cleaner > vacuum | lawn mower > mower | light bulb > lightbulb | living room > lounge |
rest room > restroom | duct tape > gaffer tape | scotch tape > sellotape | band aid > bandage |
air conditioner > ac | air conditioning > ac | traffic light > stoplight | zebra crossing > crosswalk |
parking lot > carpark | car park > carpark | gas station > petrol station | filling station > petrol station |
driving licence > driver's license | driving license > driver's license | drivers license > driver's license |
license plate > number plate | flat tire > punctured tire | flat tyre > punctured tire |
public transport > public transportation | public transit > public transportation |
return ticket > round trip ticket | one way ticket > single ticket | carry on luggage > hand luggage |
carry-on luggage > hand luggage | hand baggage > hand luggage | plane ticket > flight ticket |
airline ticket > flight ticket | jet lag > jetlag | sign of the zodiac > zodiac sign | star sign > zodiac sign |
movie theater > cinema | motion picture > movie | main character > protagonist | leading role > lead role |
plays the role of > plays | who plays the part of > who plays | who played the role of > who played |
first name > forename | given name > forename | last name > surname | family name > surname |
maiden name > birth name | middle school > junior high | primary school > elementary school |
grade school > elementary school | secondary school > high school | grad school > graduate school |
job interview > interview | covering letter > cover letter | curriculum vitae > cv |
letter of resignation > resignation letter | letter of recommendation > recommendation letter |
letter of complaint > complaint letter | letter of application > application letter |
thank you letter > thank-you note | thank you note > thank-you note | quit my job > resign |
quitting my job > resigning | leave my job > resign | hand in my notice > resign | pay rise > raise |
pay raise > raise | salary increase > raise | ask for more money > ask for a raise | laid off > dismissed |
let go from > dismissed from | lay off > dismiss | get the sack > dismissed | work from home > telecommute |
working from home > telecommuting | time off > leave | day off > leave | days off > leave |
annual leave > vacation | minimum age > how old must | old enough to > minimum age to |
how old do you have to be to > minimum age to | how old do i have to be to > minimum age to |
how old must i be to > minimum age to | at what age can i > minimum age to |
at what age can you > minimum age to | what is the legal age to > minimum age to |
what is the minimum age to > minimum age to | interest rate > rate of interest | credit rating > credit score |
take out a loan > borrow money | taking out a loan > borrowing money | put money aside > save money |
put aside money > save money | set aside money > save money | saving money > save money | cash machine > atm |
bank card > debit card | stock market > stock exchange | property tax > real estate tax |
real estate > property | estate agent > realtor | real estate agent > realtor | power of attorney > poa |
in the us > in america | in the uk > in britain | in the united states > in america | in the usa > in america |
around the world > worldwide | all over the world > worldwide | in the world > worldwide |
on earth > worldwide | across the globe > worldwide | no one > nobody | not one > none | not any > no |
not anything > nothing | anything else > else | so that > to | in such a way that > to |
as much as possible > maximally | whether or not > whether | even though > although |
in spite of the fact that > although | despite the fact that > although | due to the fact that > because |
because of the fact that > because | for the reason that > because | seeing that > because |
given that > because | since it is > because it is | until such time as > until | at the end of > after |
at the start of > start of | at the beginning of > start of | in the course of > during |
over the course of > during | during the time that > while | at the time that > when | at the time of > during |
the time when > when | the place where > where | the way in which > how | the way that > how |
the manner in which > how | in what manner > how | in what way > how | in which way > how |
by what means > how | what is the nature of > what is | what exactly is > what is |
what exactly are > what are | what actually is > what is | what precisely is > what is |
what on earth is > what is | what the heck is > what is | what're > what are | i'm > i am | you're > you are |
we're > we are | they're > they are | i've > i have | you've > you have | we've > we have |
they've > they have | i'll > i will | you'll > you will | we'll > we will | they'll > they will |
i'd > i would | you'd > you would | isn't > is not | aren't > are not | wasn't > was not | weren't > were not |
doesn't > does not | don't > do not | didn't > did not | hasn't > has not | haven't > have not |
hadn't > had not | can't > cannot | can not > cannot | couldn't > could not | shouldn't > should not |
wouldn't > would not | mustn't > must not | needn't > need not | gonna > going to | wanna > want to |
gotta > must | lemme > let me | gimme > tell me | dunno > do not know | cuz > because | pls > please |
plz > please | thx > thanks | info about > about | information about > about | information on > about |
details about > about | facts about > about | some information about > about | tell me about > what is |
tell me something about > what is | tell me more about > what is | talk about > what is |
what can you tell me about > what is | what do you know about > what is | what should i know about > what is |
what is known about > what is | give me information about > what is | give me some information on > what is |
i want to know about > what is | i'd like to know about > what is | i would like to know about > what is |
i want to learn about > what is | can you tell me about > what is | could you tell me about > what is |
explain what is > what is | explain what a > what is a | tell me what is > what is | tell me what > what |
tell me who > who | tell me where > where | tell me when > when | tell me how > how | tell me which > which |
tell me if > if | tell me whether > if | tell me the > what is the | give me the > what is the |
name the > what is the | find the > what is the | determine the > what is the | do you know what > what |
do you know who > who | do you know where > where | do you know when > when | do you know how > how |
do you know if > if | do you know whether > if | can you tell me what > what | can you tell me who > who |
can you tell me where > where | can you tell me when > when | can you tell me how > how |
can you tell me if > if | can you tell me whether > if | could you tell me what > what |
could you tell me who > who | could you tell me where > where | could you tell me when > when |
could you tell me how > how | could you tell me if > if | could you tell me whether > if |
i want to know what > what | i want to know who > who | i want to know where > where |
i want to know when > when | i want to know how > how | i want to know why > why | i want to know if > if |
i'd like to know what > what | i'd like to know who > who | i'd like to know where > where |
i'd like to know when > when | i'd like to know how > how | i'd like to know why > why |
i'd like to know if > if | i was wondering what > what | i was wondering how > how | i was wondering if > if |
i was wondering where > where | i was wondering why > why | i was wondering who > who |
i was wondering when > when | i wonder what > what | i wonder how > how | i wonder if > if |
i wonder why > why | i wonder who > who | i wonder where > where | i wonder when > when |
i need to know what > what | i need to know who > who | i need to know where > where |
i need to know when > when | i need to know how > how | i need to know if > if
`
