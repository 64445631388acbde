/** Words that one wording has and another has not, without asking anything else. */
export const light = `
put puts keep keeps need needs necessary required require requires requirement allowed allow recommended
advisable suitable amount kind kinds process processes exist exists existing find finds finding get gets getting
handle handles handling perform performs performing involve involves involved involving whole given certain
thing things stuff something anything someone somebody anyone anybody one ones way ways manner means method
methods approach approaches technique techniques procedure procedures step steps option options solution
solutions possibility possible possibly do does did done doing make makes making made go goes going gone went
come comes coming take takes taking taken took have has had having be is are was were been being become becomes
can could may might must shall should will would ought use uses used using utilize utilizes utilized utilizing
want wants wanted wanting wish wishes like likes try tries tried trying attempt attempts attempting intend
intends hope hopes hoping look looks looking prefer know knows knowing tell tells telling say says said explain
explains explaining explanation describe describes describing description show shows showing give gives giving
provide provides providing offer offers listing suggest suggests suggestion suggestions help helps helping
assist advice advise tip tips idea ideas information info detail details please kindly thanks thank hi hello hey
dear just simply really actually basically exactly precisely very quite rather pretty somewhat somehow currently
now presently today nowadays usually normally typically generally commonly ordinarily ever properly correctly
right correct proper appropriate appropriately well good effectively successfully wonder wondering curious
question questions answer answers ask asking work works working happen happens happening happened occur occurs
occurring mean meaning meant called known refer refers referred referring denote consider considered considering
regard regarded regarding concerning owns possess possesses contain contains containing contained include
includes including included consist consists consisting comprise comprises belong belongs feature features
different various several particular actual personal common usual typical normal ordinary case cases situation
situations instance able capable manage manages managing there here this that these those it its the a an of in
on at my mine your yours our ours their his her me you we us i he she they them him some any such person people
guy folks individual individuals place places area located situated found effective efficient carry carries
carrying carried accomplish accomplishes accomplishing achieve achieves achieving achieved implement permitted
permissible acceptable okay ok fine alright let lets letting seem seems seeming appear appears appearing item
items extent point points aspect aspects matter matters fact facts deal deals dealing cope certainly definitely
current present respective respectively term terms definition define defined per via which then thus so
therefore hence plus etc along oneself myself yourself itself themselves ourselves kindof sortof necessarily
needed needing suggested supposed expected guidance determine determines determining determined obtain obtains
obtaining acquire acquires acquiring ensure ensures ensuring undergo undergoes based related relevant associated
respect desired desire specified following ready entire entirely ideal ideally practical practically constitute
constitutes kinda gonna wanna gotta lemme i'm i'd i'll i've you're it's what's how's where's who's there's
that's dont mind proceed undertake realise realize thinking believe guess suppose understand understanding
interested appreciate generic exact spot to for with by from lot lots about write writing written draft compose
concept command statement formula syntax call abbreviation acronym word phrase middle program document sheet vs
versus principle frequency film clause mistakes errors rewrite sounds letters form recommend recommendation
recommendations list difference best assistance documentation
`
