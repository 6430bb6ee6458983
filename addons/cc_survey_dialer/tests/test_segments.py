# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import BaseCase

from ..utils.segments import compose, count


class TestSegments(BaseCase):
    """DIA-20: parts of a message (cases 35, 37). static/tests/segments.test.js has the same table."""

    def test_count(self):
        for text, encoding, units, segments in (
            ("", "GSM-7", 0, 0),
            ("a" * 160, "GSM-7", 160, 1),
            ("a" * 161, "GSM-7", 161, 2),
            ("a" * 306, "GSM-7", 306, 2),
            ("a" * 307, "GSM-7", 307, 3),
            ("€" * 80, "GSM-7", 160, 1),
            ("€" * 81, "GSM-7", 162, 2),
            # an escaped character is not split: 152 septets in each part
            ("€" * 153, "GSM-7", 306, 3),
            ("中" * 70, "UCS-2", 70, 1),
            ("中" * 71, "UCS-2", 71, 2),
            ("中" * 134, "UCS-2", 134, 2),
            ("中" * 135, "UCS-2", 135, 3),
            # extension characters count once when the text is UCS-2 anyway
            ("]" * 70 + "😎", "UCS-2", 72, 2),
            # 140 units; a pair is not split: 66 units in each part
            ("😎" * 70, "UCS-2", 140, 3),
            ("one\ntwo", "GSM-7", 7, 1),
        ):
            self.assertEqual(tuple(count(text)), (encoding, units, segments), text[:5])

    def test_compose(self):
        """58 characters, signature of 4 and tail of 10 are 72: two parts."""
        text = compose("字" * 58, "签名", "拒收请回复R退订谢谢", "start")
        self.assertEqual(len(text), 72)
        self.assertEqual(count(text).segments, 2)
        self.assertTrue(text.startswith("【签名】"))

    def test_nothing_twice(self):
        """What the text has already is not added again."""
        self.assertEqual(compose("【签名】你好", "签名"), "【签名】你好")
        self.assertEqual(compose("Hello, reply R", "", "reply R"), "Hello, reply R")
        self.assertEqual(compose("Hello", "Shop", " R stops", "end"), "Hello R stops【Shop】")
        self.assertEqual(compose("Hello", "Shop", "", "end"), "Hello【Shop】")

    def test_words_apart(self):
        """The way to unsubscribe begins a new word, and the space is counted; Chinese has none."""
        for text, tail, joined in (
            ("Spring offer", "Reply R to stop", "Spring offer Reply R to stop"),
            ("Offer till Friday.", "Reply R to stop", "Offer till Friday. Reply R to stop"),
            ("Offer till Friday. ", "Reply R to stop", "Offer till Friday. Reply R to stop"),
            ("Spring offer", ", R stops", "Spring offer, R stops"),
            ("春季优惠。", "拒收请回复R", "春季优惠。拒收请回复R"),
            ("春季优惠", "Reply R", "春季优惠Reply R"),
            ("Spring offer", "拒收请回复R", "Spring offer拒收请回复R"),
            ("𠮷", "R", "𠮷R"),
            ("", "Reply R", "Reply R"),
        ):
            for after in ("", "【Shop】"):
                self.assertEqual(
                    compose(text, "Shop" if after else "", tail, "end"), joined + after
                )
        self.assertEqual(compose("Offer", "Shop", "Reply R"), "【Shop】Offer Reply R")
        # a gateway without one
        self.assertEqual(compose("Offer", False, False), "Offer")
        self.assertEqual(count(compose("a" * 153, "", "Reply R")), ("GSM-7", 161, 2))
        self.assertEqual(count(compose("中" * 64, "", "拒收回复R1")).segments, 1)
