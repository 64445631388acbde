/** Words that narrow a question by being there. */
export const narrow = `
child children kid toddler baby babies infant newborn preschooler teen teenager teenage adolescent women girl
boy senior elderly beginner novice newbie intermediate amateur undergraduate graduate pupil freelancer pregnant
pregnancy breastfeeding diabetic vegan vegetarian celiac dog puppy puppies cat horse pet wheelchair disabled
blind deaf autistic veteran immigrant daily weekly biweekly monthly quarterly annual yearly hourly nightly night
nighttime morning afternoon evening midnight daytime weekend weekday winter summer spring autumn seasonal
christmas easter halloween holiday overnight ancient medieval repeatedly occasionally recurring free cheap
cheaper cheapest affordable inexpensive budget expensive luxury luxurious premium unpaid wholesale retail
tax-free duty-free open-source commercial nonprofit bulk secondhand second-hand leased online offline temporary
temporarily by-hand anonymous anonymously secretly discreetly electronically verbally politely silently fluently
programmatically interactively interactive simultaneously wireless wirelessly accidentally intentionally nonstop
in-person indoor indoors outdoor outdoors home school regional underwater underground rooftop urban rural
coastal beach onsite severe moderate chronic acute advanced refurbished leaking organic spicy sweet salty
traditional vintage antique digital analog electric solar hybrid oily sensitive curly artificial synthetic
waterproof portable rechargeable reusable disposable recycled edible poisonous toxic endangered extinct
hereditary low-fat gluten-free sugar-free dairy-free alcohol-free decaf kosher halal part-time full-time
self-employed freelance retired unemployed unmarried divorced widowed nonresident undocumented minor underage
adopted licensed insured uninsured surgical nonsurgical in-place inplace case-insensitive insensitive
thread-safe encrypted compressed nullable async asynchronous synchronous distributed multithreaded headless
cross-platform responsive read-only alphabetical batch real-time persistent unsigned infinite multidimensional
deprecated legacy experimental standalone conditional underrated purpose antonym synonym fastest worst second
third first oldest older slowest youngest
`
