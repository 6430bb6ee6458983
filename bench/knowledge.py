# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How well and how fast articles are found: 10,000 of them, 200 judged queries in Chinese and English.

    .cache/venv/bin/python bench/knowledge.py DATABASE [--articles 10000]

DATABASE is any database of the cluster; a table of the bench's own is made in it and dropped at the end.
A hundred subjects (half Chinese, half English) have one article each that answers them; the others are made of
the same words. Each subject has two judged queries: its words as agents type them (many of two signs), and a
second one: a question, a misspelling, traditional for simplified, part of a word. Right is the subject's article.

Ways, on the same rows in the same run:

- *bigrams*: what we do (cc_telephony/utils/search_text.py): pairs of signs and words in a tsvector, plain GIN
- *trigram*: pg_trgm with a GIN index, ``folded ILIKE``, ordered by word_similarity with the title
- *simple*: PostgreSQL's own ``to_tsvector('simple', …)``
- *scan*: ``ILIKE`` without an index, on text that is not folded
- *segments*: jieba's words in a tsvector, where jieba is installed
- *rum*: our pairs of signs under a RUM index (Debian: postgresql-15-rum), where the cluster has it

*first*, *three*: share of queries whose right article comes first, among the first three; *MRR*: mean of 1/place.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg2
from table import percentile, show

ADDONS = Path(__file__).parents[1] / "addons"


def addon_file(path: str) -> ModuleType:
    """One file of an addon, without Odoo and without the names of the files beside it."""
    spec = spec_from_file_location(Path(path).stem, ADDONS / path)
    assert spec and spec.loader, path
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


search_text = addon_file("cc_telephony/utils/search_text.py")
Query, fold, score, tsvector = (
    getattr(search_text, name) for name in ("Query", "fold", "score", "tsvector")
)

SEED = 19
LIMIT = 20
CANDIDATES = 120
FUZZY_SHARE = 0.5

CHINESE_THINGS = [
    "发票",
    "退款",
    "保修",
    "换货",
    "订单",
    "快递",
    "优惠券",
    "会员",
    "积分",
    "密码",
    "地址",
    "电水壶",
    "台灯",
    "咖啡机",
    "路由器",
    "充值",
    "套餐",
    "合同",
    "定金",
    "门店",
    "安装",
    "维修",
    "配件",
    "运费",
    "评价",
]
CHINESE_ACTS = ["申请", "查询", "修改", "取消"]
CHINESE_REST = [
    "客户",
    "可以",
    "在",
    "系统",
    "中",
    "提交",
    "资料",
    "审核",
    "之后",
    "三个",
    "工作日",
    "内",
    "处理",
    "完成",
    "如",
    "有",
    "疑问",
    "请",
    "联系",
    "客服",
    "并",
    "提供",
    "编号",
    "照片",
    "说明",
    "原因",
    "按照",
    "规定",
    "办理",
]
ENGLISH_THINGS = [
    "invoice",
    "refund",
    "warranty",
    "exchange",
    "order",
    "parcel",
    "coupon",
    "membership",
    "points",
    "password",
    "address",
    "kettle",
    "lamp",
    "grinder",
    "router",
    "recharge",
    "contract",
    "deposit",
    "branch",
    "installation",
    "repair",
    "spare",
    "freight",
    "review",
    "calendar",
]
ENGLISH_ACTS = ["request", "check", "change", "cancel"]
ENGLISH_REST = [
    "the",
    "customer",
    "may",
    "send",
    "a",
    "form",
    "in",
    "the",
    "system",
    "and",
    "gets",
    "an",
    "answer",
    "within",
    "three",
    "working",
    "days",
    "if",
    "there",
    "is",
    "a",
    "question",
    "ask",
    "for",
    "number",
    "and",
    "picture",
    "then",
    "tell",
    "reason",
    "as",
    "rules",
    "say",
]


def subjects() -> list[tuple[str, str, str, str]]:
    """``(title, sentence, first query, second query)`` of a hundred subjects."""
    dice = random.Random(SEED)
    import opencc

    to_traditional = opencc.OpenCC("s2t")
    found = []
    for number in range(50):
        thing = CHINESE_THINGS[number % 25]
        act = CHINESE_ACTS[number // 25 * 2 + number % 2]
        title = f"{thing}{act}办法"
        sentence = f"需要{act}{thing}时，先核对身份，再到“我的{thing}”里{act}。"
        second = [
            f"怎么{act}{thing}？",
            to_traditional.convert(f"{act}{thing}"),
            f"{thing} {act}",
            f"请问客户想{act}{thing}怎么办",
        ][number % 4]
        found.append((title, sentence, f"{act}{thing}" if number % 2 else f"{thing}{act}", second))
    for number in range(50):
        thing = ENGLISH_THINGS[number % 25]
        act = ENGLISH_ACTS[number // 25 * 2 + number % 2]
        title = f"How to {act} a {thing}"
        sentence = f"To {act} a {thing}, check who it is, then open My {thing} and {act} it there."
        at = dice.randrange(1, len(thing) - 2)
        second = [
            f"{act} {thing[:at]}{thing[at + 1]}{thing[at]}{thing[at + 2 :]}",  # two letters changed places
            f"how can I {act} my {thing}",
            f"{thing}s {act}",
            f"{act} {thing[:-2]}",
        ][number % 4]
        found.append((title, sentence, f"{act} {thing}", second))
    return found


def articles(count: int) -> list[tuple[str, str]]:
    """Titles and texts: the subjects' first, then others made of the same words."""
    dice = random.Random(SEED + 1)
    found = []
    for title, sentence, _first, _second in subjects():
        chinese = title[0] > "\u2e80"
        rest = CHINESE_REST if chinese else ENGLISH_REST
        filler = ("" if chinese else " ").join(dice.choice(rest) for _ in range(80))
        found.append((title, f"{sentence} {filler}"))
    for number in range(count - len(found)):
        chinese = number % 2 == 0
        things, acts, rest = (
            (CHINESE_THINGS, CHINESE_ACTS, CHINESE_REST)
            if chinese
            else (ENGLISH_THINGS, ENGLISH_ACTS, ENGLISH_REST)
        )
        join = "" if chinese else " "
        one, two = dice.sample(things, 2)
        title = (
            f"{one}与{two}的常见情况{number}" if chinese else f"Notes on {one} and {two} {number}"
        )
        words = [dice.choice([*rest, *rest, *things, *acts]) for _ in range(120)]
        found.append((title, join.join(words)))
    return found


RANK = "ts_rank('{0.05, 0.2, 0.6, 1.0}', terms, %(query)s::tsquery, 1)"
# candidates: all that match, ranked; or RUM's index, read in the order of its own distance
BY_RANK = f"""SELECT id, rank, folded
                FROM (SELECT id, folded, {RANK} AS rank FROM cc_bench_page WHERE terms @@ %(query)s::tsquery
                    ORDER BY rank DESC LIMIT %(most)s) found"""
BY_DISTANCE = f"""SELECT id, {RANK}, folded
                    FROM (SELECT id, folded, terms FROM cc_bench_page WHERE rummed @@ %(query)s::tsquery
                        ORDER BY rummed <=> %(query)s::tsquery LIMIT %(most)s) found"""


def bigrams(cursor: Any, text: str, candidates: str = BY_RANK) -> list[int]:
    """As `document.page._cc_find` does it."""
    query = Query(text)
    if not query:
        return []
    for tsquery, least in ((query.strict, 0.0), (query.fuzzy, FUZZY_SHARE)):
        cursor.execute(candidates, {"query": tsquery, "most": CANDIDATES})
        rows = [(id_, *score(query, rank, folded)) for id_, rank, folded in cursor.fetchall()]
        rows = [row for row in rows if row[2] >= least]
        if rows:
            return [row[0] for row in sorted(rows, key=lambda row: (-row[1], row[0]))[:LIMIT]]
    return []


def rum(cursor: Any, text: str) -> list[int]:
    return bigrams(cursor, text, BY_DISTANCE)


def trigram(cursor: Any, text: str) -> list[int]:
    cursor.execute(
        "SELECT id FROM cc_bench_page WHERE folded ILIKE %(like)s"
        " ORDER BY word_similarity(%(text)s, title) DESC, id LIMIT %(limit)s",
        {"like": f"%{fold(text)}%", "text": fold(text), "limit": LIMIT},
    )
    return [row[0] for row in cursor.fetchall()]


def simple(cursor: Any, text: str) -> list[int]:
    cursor.execute(
        "SELECT id FROM cc_bench_page WHERE simple @@ plainto_tsquery('simple', %(text)s)"
        " ORDER BY ts_rank(simple, plainto_tsquery('simple', %(text)s)) DESC, id LIMIT %(limit)s",
        {"text": text, "limit": LIMIT},
    )
    return [row[0] for row in cursor.fetchall()]


def scan(cursor: Any, text: str) -> list[int]:
    cursor.execute(
        "SELECT id FROM cc_bench_page WHERE (title || ' ' || body) ILIKE %(like)s ORDER BY id LIMIT %(limit)s",
        {"like": f"%{text}%", "limit": LIMIT},
    )
    return [row[0] for row in cursor.fetchall()]


def segments_way() -> tuple[Callable[[str], str], Callable[[Any, str], list[int]]] | None:
    try:
        import jieba
    except ImportError:
        return None
    jieba.initialize()

    def words(text: str) -> str:
        return " ".join(word for word in jieba.cut_for_search(fold(text)) if word.strip())

    def segments(cursor: Any, text: str) -> list[int]:
        cursor.execute(
            "SELECT id FROM cc_bench_page WHERE words @@ plainto_tsquery('simple', %(text)s)"
            " ORDER BY ts_rank(words, plainto_tsquery('simple', %(text)s)) DESC, id LIMIT %(limit)s",
            {"text": words(text), "limit": LIMIT},
        )
        return [row[0] for row in cursor.fetchall()]

    return words, segments


def fill(cursor: Any, count: int, words: Callable[[str], str] | None) -> float:
    """Makes the table; gives the milliseconds that one article's terms take."""
    cursor.execute("DROP TABLE IF EXISTS cc_bench_page")
    cursor.execute(
        "CREATE TABLE cc_bench_page (id int PRIMARY KEY, title text, body text, folded text,"
        " terms tsvector, simple tsvector, words tsvector)"
    )
    begun = time.perf_counter()
    rows = [
        (
            number,
            title,
            body,
            fold(f"{title}\n\n{body}"),
            tsvector([(title, "A"), ("", "B"), (body, "C")]),
        )
        for number, (title, body) in enumerate(articles(count))
    ]
    each = (time.perf_counter() - begun) / count * 1000
    for number, title, body, folded, terms in rows:
        cursor.execute(
            "INSERT INTO cc_bench_page VALUES (%s, %s, %s, %s, %s::tsvector,"
            " to_tsvector('simple', %s), to_tsvector('simple', %s))",
            (
                number,
                title,
                body,
                folded,
                terms,
                f"{title} {body}",
                words(f"{title} {body}") if words else "",
            ),
        )
    cursor.execute("CREATE INDEX ON cc_bench_page USING gin (terms)")
    cursor.execute("CREATE INDEX ON cc_bench_page USING gin (simple)")
    cursor.execute("CREATE INDEX ON cc_bench_page USING gin (words)")
    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    cursor.execute("CREATE INDEX ON cc_bench_page USING gin (folded gin_trgm_ops)")
    if has_rum(cursor):
        cursor.execute("CREATE EXTENSION IF NOT EXISTS rum")
        cursor.execute("ALTER TABLE cc_bench_page ADD rummed tsvector")
        cursor.execute("UPDATE cc_bench_page SET rummed = terms")
        cursor.execute("CREATE INDEX ON cc_bench_page USING rum (rummed rum_tsvector_ops)")
    cursor.execute("ANALYZE cc_bench_page")
    return each


def has_rum(cursor: Any) -> bool:
    """Whether the cluster could have the extension."""
    cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'rum'")
    return bool(cursor.fetchone())


def judge(
    cursor: Any, way: Callable[[Any, str], list[int]], queries: list[tuple[int, str]]
) -> list[tuple[int, int, float]]:
    """``(subject, place of its article or 0, ms)`` of each query."""
    found = []
    for right, text in queries:
        begun = time.perf_counter()
        ids = way(cursor, text)
        took = (time.perf_counter() - begun) * 1000
        found.append((right, ids.index(right) + 1 if right in ids else 0, took))
    return found


def row_of(results: list[tuple[int, int, float]]) -> list[object]:
    """Quality and speed of some judged queries."""
    places = [place for _right, place, _took in results]
    times = [took for _right, _place, took in results]
    count = len(results)
    return [
        f"{sum(place == 1 for place in places) / count:.0%}",
        f"{sum(0 < place <= 3 for place in places) / count:.0%}",
        f"{sum(1 / place for place in places if place) / count:.2f}",
        percentile(times, 0.5),
        percentile(times, 0.95),
        max(times),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("database")
    parser.add_argument("--articles", type=int, default=10_000)
    options = parser.parse_args()
    connection = psycopg2.connect(dbname=options.database)
    cursor = connection.cursor()
    cursor.execute(
        "SELECT datctype, datcollate, version() FROM pg_database WHERE datname = current_database()"
    )
    ctype, collate, version = cursor.fetchone()
    print(
        f"lc_ctype {ctype}, lc_collate {collate}, {version.split(' on ')[0]}, {options.articles} articles"
    )
    segmented = segments_way()
    try:
        each = fill(cursor, options.articles, segmented[0] if segmented else None)
        print(f"terms of one article: {each:.1f} ms")
        judged = subjects()
        first = [(number, subject[2]) for number, subject in enumerate(judged)]
        second = [(number, subject[3]) for number, subject in enumerate(judged)]
        ways: dict[str, Callable[[Any, str], list[int]]] = {
            "bigrams": bigrams,
            "trigram": trigram,
            "simple": simple,
            "scan": scan,
        }
        if has_rum(cursor):
            ways["rum"] = rum
        else:
            print("the cluster has no rum: it is not measured")
        if segmented:
            ways["segments"] = segmented[1]
        else:
            print("jieba is not installed: segments are not measured")
        rows = []
        for name, way in ways.items():
            results = judge(cursor, way, first + second)
            for kind, of_kind in (
                ("Chinese", [one for one in results if one[0] < 50]),
                ("English", [one for one in results if one[0] >= 50]),
                ("all", results),
            ):
                rows.append([f"{name}, {kind}", *row_of(of_kind)])
            print(f"{name} done", flush=True)
        show(
            "200 judged queries",
            ["way", "first", "three", "MRR", "p50 ms", "p95 ms", "worst ms"],
            rows,
        )
        cursor.execute(
            "EXPLAIN SELECT id FROM cc_bench_page WHERE terms @@ %s::tsquery",
            (Query("申请退款").strict,),
        )
        print("\nplan of bigrams:", "; ".join(row[0].strip() for row in cursor.fetchall()))
        cursor.execute("EXPLAIN SELECT id FROM cc_bench_page WHERE folded ILIKE '%退款%'")
        print("plan of trigram, two signs:", "; ".join(row[0].strip() for row in cursor.fetchall()))
    finally:
        connection.rollback()
        cursor.execute("DROP TABLE IF EXISTS cc_bench_page")
        connection.commit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
