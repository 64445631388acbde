/** Ways to be polite, or to say that one asks: they change no question. */
const POLITE =
  /を?教えてください|を?教えて|ください|下さい|お願いします|ですか|でしょうか|ますか|请问|請問|请|請|告诉我|一下|吗|呢|알려\s?주세요|알려줘|주세요|인가요|пожалуйста|подскажите|подскажи|скажите|скажи|من فضلك|كृपया|कृपया|बताइए|बताएं|παρακαλώ|please/giu

const LATIN = /\p{Script=Latin}/u
const LETTER = /\p{L}/u

/** Whether a text is mostly written in other letters than Latin ones. */
export function isOtherScript(text: string): boolean {
  let latin = 0
  let other = 0
  for (const character of text) {
    if (LATIN.test(character)) latin += 1
    else if (LETTER.test(character)) other += 1
  }
  return other > latin / 2
}

/** All that is written but spaces, punctuation and politeness: what must be equal to the letter. */
export function bareText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(POLITE, '')
    .replace(/[^\p{L}\p{M}\p{N}%+#°€$£¥]+/gu, '')
}
