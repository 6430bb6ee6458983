# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import random

import phonenumbers

from odoo.addons.cc_telephony.utils.phone import phone_key
from odoo.tests import BaseCase

from ..utils.number_filter import may_be_number

COUNTRIES = ("CN", "US", "GB", "DE", "IT", "FR", "AR", "MX", "HK", "RU", None)


class TestNumberFilter(BaseCase):
    """What the filter keeps out has no key, in any country and form."""

    def keys(self, raw, country):
        key = phone_key(raw, country)
        return bool(key and key.startswith("+"))

    def test_nothing_lost(self):
        """Real numbers of each country, in the forms that people write, and near misses of them."""
        dice = random.Random(12)
        kinds = phonenumbers.PhoneNumberType
        for region in (*filter(None, COUNTRIES), "JP", "SG", "BR", "AT", "IN", "AU"):
            for kind in (kinds.MOBILE, kinds.FIXED_LINE, kinds.TOLL_FREE):
                sample = phonenumbers.example_number_for_type(region, kind)
                if not sample:
                    continue
                for form in (
                    phonenumbers.PhoneNumberFormat.E164,
                    phonenumbers.PhoneNumberFormat.NATIONAL,
                    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
                ):
                    text = phonenumbers.format_number(sample, form)
                    for country in COUNTRIES:
                        for one in self.misses(text, dice):
                            if self.keys(one, country):
                                self.assertTrue(may_be_number(one, country), (one, country))

    def misses(self, text, dice):
        """A number as it is, without its plus, with an exit code, and with digits changed, added, lost."""
        bare = text.lstrip("+")
        forms = [
            text,
            bare,
            f"00{bare}",
            f"0{bare}",
            f"+0{bare}",
            f"+00{bare}",
            text.replace(" ", ""),
        ]
        at = dice.randrange(len(bare))
        forms += [
            bare[:at] + str(dice.randrange(10)) + bare[at + 1 :],
            bare[:at] + bare[at + 1 :],
            f"{bare}{dice.randrange(10)}",
        ]
        return forms

    def test_random_digits(self):
        """Rubbish of digits: what has a key by chance is not kept out."""
        dice = random.Random(7)
        found = 0
        for _n in range(6000):
            many = dice.randrange(4, 17)
            text = dice.choice(("", "", "+", "00")) + "".join(dice.choices("0123456789", k=many))
            country = dice.choice(COUNTRIES)
            if self.keys(text, country):
                found += 1
                self.assertTrue(may_be_number(text, country), (text, country))
        # otherwise nothing was tried
        self.assertGreater(found, 100)

    def test_keeps_out(self):
        """What lists are full of costs no look at the plan."""
        for text in ("1380013800", "138001380001", "12345678901", "0000000000", "99999", "12"):
            self.assertFalse(may_be_number(text, "CN"), text)
        for text in ("13800138000", "+86 138 0013 8000", "021 5555 0100", "电话 13800138000"):
            self.assertTrue(may_be_number(text, "CN"), text)
