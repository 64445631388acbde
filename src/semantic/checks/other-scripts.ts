import { isTurned, sameItems } from './items.ts'
import { words } from '../language/lexicon/lexicon.ts'
import { apart } from '../language/words.ts'

/**
 * Words of languages in other scripts that change no question: particles, forms of politeness, ways to
 * ask how or what. Not those that say who, when, where, why or how many, nor what negates or directs.
 */
const SAYS_NOTHING = new Set(
  words(`
    は が を の も です ます か でしょ う でしょう ください 下さい 教え て 教えて お願い し お願いします どう どの よう どのよう
    どうやって すれ すれば ば いい よい 良い に する には 方法 やり方 何 なん なに とは と いう って もらえ ませ
    的 了 是 吗 嗎 呢 啊 请 請 请问 請問 告诉 告訴 我 你 您 一下 怎么 怎麼 如何 怎样 怎樣 怎么样 什么 什麼 哪个 哪些 方法 办法
    可以 能 能够 要 想 知道 应该 应 该 用来 帮 帮我
    은 는 이 가 을 를 의 인가요 인가 뭐예요 무엇인가요 무엇 뭐 어떻게 알려 주세요 알려주세요 알려줘 하나요 해요 합니까 방법 좀
    как что такое это эта этот эти ли мне я мы вы ты мой мою моя можно нужно надо пожалуйста скажи скажите подскажи подскажите
    расскажи расскажите объясни объясните какой какая какое какие каков какова способ сделать бы а и же
    ما هو هي ماذا كيف هل يمكن يمكنني لي أن من فضلك أخبرني اشرح طريقة الطريقة أستطيع التي الذي
    क्या है हैं कैसे मुझे मैं कृपया बताइए बताएं बताओ का के की को तरीका कौन सा सी जाता जाती करें करूं करना हो
    πώς πως τι είναι ποια ποιο ποιος ποιες μπορώ μπορείς μπορείτε να μου πεις πείτε παρακαλώ τον την το η ο τα τις τους θα τρόπος εξήγησε
  `),
)

const LATIN = /\p{Script=Latin}/u
const LETTER = /\p{L}/u
let segmenter: Intl.Segmenter | undefined

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

/** Punctuation at the end of a word, spaces and quotation marks. */
const SAYS_NOTHING_AT_ALL = /[.,;:!?…。？！、，؟]+(?=\s|$)|[¿¡]|[\s"'“”„«»‘’`]+/gu

/** What is written, without what ends a sentence or stands between words. */
export function bareText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(SAYS_NOTHING_AT_ALL, '')
}

/** The words that say something, in order. */
function tellingWords(text: string): string[] {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' })
  const segments = segmenter.segment(text.normalize('NFKC').toLowerCase())
  return [...segments]
    .filter(({ isWordLike, segment }) => isWordLike || /[%+#°€$£¥]/.test(segment))
    .map(({ segment }) => segment)
    .filter((word) => !SAYS_NOTHING.has(word))
}

/** Whether the same words are there, in the same order; but a part may come first or last. */
export function sayTheSame(asked: string, original: string): boolean {
  if (!sameItems(apart(asked).verbatim, apart(original).verbatim)) return false
  const [one, other] = [tellingWords(asked), tellingWords(original)]
  return one.length > 0 && one.length === other.length && isTurned(one, other)
}
