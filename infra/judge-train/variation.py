"""Variations of a text, seeded: those that keep its meaning, and those that change a number in it."""

import random
import re

GREETINGS = ("hey, ", "hi, ", "hello! ", "pls ", "please ", "quick question: ", "ok so ", "um ")
THANKS = (" thanks", " pls", " please", " thanks!", "?", " ??", "...", "!", " thx", " Thank you.")
CONTRACTIONS = (
    ("what is", "what's"),
    ("do not", "don't"),
    ("does not", "doesn't"),
    ("cannot", "can't"),
    ("i am", "i'm"),
    ("i have", "i've"),
    ("is not", "isn't"),
    ("how do i", "how can i"),
    ("it is", "it's"),
)
WORD = re.compile(r"[a-zA-Zà-ÿ]{4,}")
NUMBER = re.compile(r"\d+")
# Two things whose change of places makes another question.
AROUND = re.compile(
    r"\b(\w+) (?:to|into|than|before|after|over|from|for|by|with|without|instead of) "
    r"(?:the |a |an |my )?(\w+)"
)


def mistyped(text: str, chance: random.Random) -> str:
    """One letter left out, swapped with the next or doubled, inside a word."""
    words = list(WORD.finditer(text))
    if not words:
        return text
    start, end = chance.choice(words).span()
    at = chance.randrange(start + 1, end - 1)
    here, after = text[at], text[at + 1]
    edit = chance.choice((after, after + here, here + here + after))
    return text[:at] + edit + text[at + 2 :]


def contracted(text: str) -> str:
    """The first contraction that fits."""
    for long, short in CONTRACTIONS:
        at = text.lower().find(long)
        if at >= 0:
            short = short[0].upper() + short[1:] if text[at].isupper() else short
            return text[:at] + short + text[at + len(long) :]
    return text


def retyped(text: str, language: str, chance: random.Random) -> str:
    """The same text as another one types it: case, typos, punctuation; in English, filler as well."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        change = chance.randrange(8 if language == "en" else 4)
        if change == 0:
            text = text.lower()
        elif change == 1:
            text = mistyped(text, chance)
        elif change == 2:
            text = text.rstrip("?.! ")
        elif change == 3:
            text = text.replace(chance.choice(("'", ",")), "")
        elif change == 4:
            text = chance.choice(GREETINGS) + text[:1].lower() + text[1:]
        elif change == 5:
            text = text.rstrip("?. ") + chance.choice(THANKS)
        elif change == 6:
            text = contracted(text)
        else:
            text = re.sub(r"\b(the|a|an) ", "", text, count=1)
    return text


def renumbered(text: str, chance: random.Random) -> str | None:
    """The text with one number changed; None if it has none."""
    numbers = list(NUMBER.finditer(text))
    if not numbers:
        return None
    chosen = chance.choice(numbers)
    value = int(chosen.group())
    others = {value + 1, value + chance.randint(2, 9), abs(value - 1), value * 2, value * 10} - {value}
    return text[: chosen.start()] + str(chance.choice(sorted(others))) + text[chosen.end() :]


def swapped(text: str, chance: random.Random) -> str | None:
    """The text with the two things around "to", "than", "before" … the other way round; None
    without such a place."""
    found = [match for match in AROUND.finditer(text) if match[1].lower() != match[2].lower()]
    if not found:
        return None
    chosen = chance.choice(found)
    (start, middle), (after, end) = chosen.span(1), chosen.span(2)
    return text[:start] + text[after:end] + text[middle:after] + text[start:middle] + text[end:]
