# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Text as search terms, for Chinese and for words in letters alike.

Chinese is taken in pairs of signs (and single signs, for queries of one), letters and digits in words, their
parts and what signs join; traditional signs fold into simplified ones, sign by sign, so that each position in
the folded text is one in the original: marks stay where they belong. No dictionary, no database extension.
"""

import re
import unicodedata
from functools import lru_cache

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f\u3040-\u30ff\uac00-\ud7af"
RUNS = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+(?:[-._@/][^\W_{CJK}]+)*[+#]{{0,2}}")
IS_CJK = re.compile(rf"[{CJK}]")
PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
# a lexeme of PostgreSQL has at most 2 KB, a position at most this
MOST_POSITION = 16383
LONGEST = 60
# words that say nothing about what is meant, in questions; longest first where one holds another
CHINESE_FILLERS = re.compile(
    "请问一下|请问|怎么样|怎么办|怎么|怎样|如何|什么时候|什么|为什么|能不能|可不可以|可以|是否|是不是|"
    "有没有|多久|多少|哪里|哪些|需要|应该|我想|我要|吗|呢|吧|啊|的|了"
)
ENGLISH_FILLERS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "do",
        "does",
        "for",
        "from",
        "have",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "or",
        "our",
        "should",
        "that",
        "the",
        "their",
        "there",
        "they",
        "this",
        "to",
        "was",
        "we",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "you",
        "your",
    ]
)


@lru_cache(maxsize=1)
def _converter():
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=100_000)
def fold_sign(sign):
    """:return: one sign for one sign: lower case, half width, simplified"""
    folded = unicodedata.normalize("NFKC", sign).lower()
    if len(folded) != 1:
        return sign.lower()[:1] or sign
    if IS_CJK.match(folded):
        simple = _converter().convert(folded)
        return simple if len(simple) == 1 else folded
    if not folded.isascii():
        bare = unicodedata.normalize("NFD", folded)[0]
        return bare if bare.isascii() and bare.isalpha() else folded
    return folded


def fold(text):
    """:return: the text folded, as long as it was"""
    return "".join(map(fold_sign, text or ""))


def stem(word):
    """:return: an English word without the endings that queries most often differ by"""
    for ending, keep in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)] + keep
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


@lru_cache(maxsize=50_000)
def grams(word):
    """:return: pieces of three letters of a word, marked as such: for words that are misspelt"""
    padded = f"^{word}$"
    return frozenset(f"~{padded[i : i + 3]}" for i in range(len(padded) - 2))


def _letters(run):
    """:return: the terms of a run of letters and digits"""
    terms = {run}
    bare = run.rstrip("+#")
    parts = [part for piece in re.split(r"[-._@/]", bare) if piece for part in [piece]]
    terms.update(parts)
    # 400-800-8820: whatever stands between signs, joined in each way
    for i in range(len(parts)):
        for j in range(i + 2, min(i + 6, len(parts)) + 1):
            terms.add("".join(parts[i:j]))
    for part in parts:
        small = PARTS.findall(part)
        terms.update(small)
        terms.update(stem(one) for one in small if one.isalpha() and one.isascii())
    return terms


def index_terms(text):
    """:return: ``{term: [positions]}`` of a text"""
    terms = {}
    position = 0
    for match in RUNS.finditer(fold(text)):
        run = match.group()
        if IS_CJK.match(run):
            for i, sign in enumerate(run):
                position += 1
                terms.setdefault(sign, []).append(position)
                if i + 1 < len(run):
                    terms.setdefault(run[i : i + 2], []).append(position)
        else:
            position += 1
            for term in _letters(run):
                terms.setdefault(term[:LONGEST], []).append(position)
            for part in PARTS.findall(run):
                if part.isascii() and part.isalpha() and 4 <= len(part) <= 24:
                    for gram in grams(part):
                        terms.setdefault(gram, []).append(position)
    return terms


def _quote(term):
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def tsvector(weighted):
    """:param list weighted: ``(text, weight)``, weight A to D
    :return: the text of a tsvector; places that only misspellings find have weight D
    """
    places = {}
    offset = 0
    for text, weight in weighted:
        terms = index_terms(text)
        last = 0
        for term, positions in terms.items():
            last = max(last, positions[-1])
            mark = "D" if term.startswith("~") else weight
            for position in positions[:8]:
                at = min(position + offset, MOST_POSITION)
                places.setdefault(term, {}).setdefault(at, mark)
        offset += last + 10
    return " ".join(
        f"{_quote(term)}:" + ",".join(f"{at}{mark}" for at, mark in sorted(found.items())[:255])
        for term, found in places.items()
    )


class Query:
    """What somebody typed, as terms.

    ``must``: groups of which each is to be found, a group by any of its terms; ``typed`` ends in a word that
    may not be whole yet.
    """

    def __init__(self, text):
        self.folded = fold((text or "").strip())[:200]
        self.runs = []
        self.must = []
        self.loose = []
        runs = RUNS.findall(self.folded)
        letters = [run for run in runs if not IS_CJK.match(run)]
        words = [run for run in letters if run not in ENGLISH_FILLERS]
        for number, run in enumerate(runs):
            if IS_CJK.match(run):
                pieces = [piece for piece in CHINESE_FILLERS.split(run) if piece] or [run]
                for piece in pieces:
                    self.runs.append(piece)
                    if len(piece) == 1:
                        self.must.append([_quote(piece)])
                    for i in range(len(piece) - 1):
                        self.must.append([_quote(piece[i : i + 2])])
            elif run in words or (not words and not any(map(IS_CJK.match, runs))):
                self.runs.append(run)
                last = number == len(runs) - 1
                self._add_letters(run, last)

    def _add_letters(self, run, last):
        bare = run.rstrip("+#")
        if run != bare:
            self.must.append([_quote(run)])
            return
        parts = PARTS.findall(run)
        for index, part in enumerate(parts):
            whole = _quote(part)
            group = [whole + ":*" if last and index == len(parts) - 1 else whole]
            if part.isalpha() and part.isascii() and stem(part) != part:
                group.append(_quote(stem(part)))
            if part.isalpha() and part.isascii() and len(part) >= 4:
                self.loose.append(part)
            self.must.append(group)

    def __bool__(self):
        return bool(self.must)

    @property
    def strict(self):
        """:return: tsquery text: everything is there"""
        return " & ".join(f"({' | '.join(group)})" for group in self.must)

    @property
    def fuzzy(self):
        """:return: tsquery text: something of it is there, misspelt words by their pieces"""
        groups = [f"({' | '.join(group)})" for group in self.must]
        groups += [
            f"({' | '.join(_quote(gram) for gram in sorted(grams(word)))})" for word in self.loose
        ]
        return " | ".join(groups)

    def share(self, terms_text):
        """:return: which share of what was typed a folded text has in it, 0 to 1; misspelt words count by
        their likeness to the nearest word"""
        if not self.must:
            return 0.0
        found = 0.0
        words = None
        for group in self.must:
            plain = [term.removesuffix(":*")[1:-1].replace("''", "'") for term in group]
            if any(term in terms_text for term in plain):
                found += 1
            elif plain[0] in self.loose:
                if words is None:
                    words = {one for one in PARTS.findall(terms_text) if one.isascii()}
                mine = grams(plain[0])
                found += max(
                    (
                        2 * len(mine & theirs) / (len(mine) + len(theirs))
                        for word in words
                        if abs(len(word) - len(plain[0])) <= 2 and (theirs := grams(word))
                    ),
                    default=0.0,
                )
        return found / len(self.must)

    def spans(self, text):
        """:return: ``[(from, to)]`` of what was found in an original text, for marks"""
        folded = fold(text)
        taken = []
        wanted = sorted({*self.runs, self.folded} - {""}, key=len, reverse=True)
        for run in wanted:
            taken += [(m.start(), m.end()) for m in re.finditer(re.escape(run), folded)]
        for run in self.runs:
            if run in folded:
                continue
            if IS_CJK.match(run):
                pieces = [run[i : i + 2] for i in range(len(run) - 1)]
            else:
                pieces = [piece for part in PARTS.findall(run) for piece in {part, stem(part)}]
            for piece in pieces:
                taken += [(m.start(), m.end()) for m in re.finditer(re.escape(piece), folded)]
        merged = []
        for one, two in sorted(taken):
            if merged and one <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(two, merged[-1][1]))
            else:
                merged.append((one, two))
        return merged


def score(query, rank, folded):
    """How well an article answers a query.

    PostgreSQL chooses candidates by terms and weights; the order among them is by what was typed as it was
    typed: as the title, in it, in the keywords or the text.

    :param Query query: what was typed
    :param float rank: `ts_rank` of the article
    :param str folded: title, keywords and text, folded, a line each
    :return: ``(score, share of what was typed that is there)``
    """
    title, _sep, rest = folded.partition("\n")
    whole = query.folded
    share = query.share(folded)
    total = rank + share + 2 * query.share(title)
    if title == whole:
        total += 8
    elif whole in title:
        total += 4
    elif whole in rest:
        total += 1
    for run in query.runs:
        if run in title:
            total += 2 * len(run) / max(len(title), 1) + 1
        elif run in rest:
            total += 0.4
    return total, share
