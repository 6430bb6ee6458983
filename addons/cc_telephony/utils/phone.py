# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The one reading of phone numbers: any written form in, one key out.

A key is E.164 (``+8613800138000``) where the numbering plan knows the number, else
``raw:<country>:<digits>`` (short codes, extensions, numbers cut short), else None (no number at all).
Nothing here knows of Odoo.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

import phonenumbers
from phonenumbers import PhoneNumberFormat, geocoder

# Longer than this is no number that anybody dials (E.164 ends at 15; exit and carrier codes before).
MAX_DIGITS = 32
NO_COUNTRY = "ZZ"

_WITHHELD = re.compile(
    r"anonym|unknown|withheld|private|restricted|unavailable|blocked|no.?number|匿名|未知|隐藏|隱藏"
)
_SIP = re.compile(r"sips?:([^@;>?\s]*)", re.I)
_URI = re.compile(r"(?:tel|callto|fax|sms|phone)\s*:", re.I)
_CONTEXT = re.compile(r";\s*phone-context\s*=\s*(\+[\d.()-]+)", re.I)
# An extension behind a number: a word of it in some languages, or a sign a dialler pauses at.
_EXTENSION = re.compile(
    r"^(?P<base>.*\d\W*?)"
    r"(?:;\s*ext\s*=|[,;~\s(\[-]*"
    r"(?:extension|extn|ext|x|转|轉|分机|分機|内线|內線|内|內|доб|ramal|anexo|poste|durchwahl|dw|int|"
    r"p|w|#|,|;|~)"
    r"[\s.:=#-]*)"
    r"\d{1,7}[\s)\]#]*$",
    re.I,
)
_RUN = re.compile(r"[+(]*\d[\d\s().\-/]*")
# What parts two numbers written into one field.
_PARTS = re.compile(r"\s*[/;,、|\n]\s*|\s+or\s+")


def _clean(raw):
    """:return: ``raw`` with plain digits, plain blanks and no invisible characters"""
    text = unicodedata.normalize("NFKC", str(raw))
    out = []
    for char in text:
        category = unicodedata.category(char)
        if category == "Nd":
            out.append(str(unicodedata.decimal(char)))
        elif category[0] == "Z" or char in "\t\n\r":
            out.append(" ")
        elif (
            category == "Pd" or char in "\u2212\u30fc"
        ):  # minus sign; the long vowel mark typed as a dash
            out.append("-")
        elif category[0] != "C":  # zero width marks, controls
            out.append(char)
    return "".join(out).strip()


def _strip_uri(text):
    """:return: the number inside a tel: or sip: address, with the country its context names"""
    sip = _SIP.search(text)
    if sip:
        return unquote(sip[1]).split(":")[0]
    uri = _URI.match(text.lstrip("<"))
    if not uri:
        return text
    text = unquote(text.lstrip("<")[uri.end() :]).rstrip(">")
    context = _CONTEXT.search(text)
    extension = re.search(r";\s*ext\s*=\s*\d+", text, re.I)
    number = text.split(";")[0].strip()
    if context and not number.startswith("+"):
        number = context[1] + re.sub(r"^0", "", number)
    return number + (extension[0] if extension else "")


def _valid(number, country):
    """:return: E.164 if ``number`` read in ``country`` is one of its numbering plan, else None"""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def _without_plus(digits, country):
    """:return: E.164 if ``digits`` is the whole international number, only its plus left out"""
    code = str(phonenumbers.country_code_for_region(country)) if country else "0"
    if digits.startswith("0"):
        return None
    if digits.startswith(code):
        return _valid("+" + digits, None)
    # Trunks hand over foreign callers so. Not for +1: eleven digits with a 1 are mobiles elsewhere.
    if len(digits) >= 11 and not digits.startswith("1"):
        return _valid("+" + digits, None)
    return None


def _without_trunk_zero(digits):
    """:return: E.164 of an international number that holds a 0 (typed "(0)") after the country code"""
    try:
        parsed = phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException:
        return None
    code = str(parsed.country_code)
    if digits[len(code) : len(code) + 1] != "0":
        return None
    return _valid(f"+{code}{digits[len(code) + 1 :]}", None)


def _read(text, country):
    """Try the readings of one written number, likeliest first.

    :return: E.164, or None if the numbering plan knows none of them
    """
    plus = "+" in text
    digits = re.sub(r"\D", "", text)
    if not digits:
        return None
    if plus:
        # A plus typed before the exit code or before the trunk 0
        return (
            _valid("+" + digits, None)
            or _without_trunk_zero(digits)
            or (digits.startswith("00") and _valid("+" + digits[2:], None))
            or (digits.startswith("0") and country and _valid(digits, country))
            or None
        )
    if country:
        # In countries with a trunk prefix a number that begins with the country's own code and
        # lacks that prefix is international rather than national (49 1511 … is not area 0491).
        prefix = phonenumbers.ndd_prefix_for_region(country, True)
        code = str(phonenumbers.country_code_for_region(country))
        if prefix and digits.startswith(code) and not digits.startswith(prefix):
            key = _valid("+" + digits, None)
            if key:
                return key
        key = _valid(digits, country)
        if key:
            return key
    if digits.startswith("00"):
        # 00 is typed as exit code in countries whose own is another, too
        return _valid("+" + digits[2:], None)
    return _without_plus(digits, country)


def _raw_key(text, country):
    """:return: the key of digits that the numbering plan doesn't know, None if there are none

    Written with a country code they belong to that country: both forms give one key.
    """
    digits = re.sub(r"\D", "", text)
    if not digits.strip("0") or len(digits) > MAX_DIGITS:
        return None
    plus = "+" in text
    if plus or digits.startswith("00"):
        try:
            parsed = phonenumbers.parse("+" + (digits if plus else digits[2:]), None)
        except phonenumbers.NumberParseException:
            parsed = None
        if parsed:
            region = phonenumbers.region_code_for_country_code(parsed.country_code)
            if region not in (NO_COUNTRY, "001"):
                return f"raw:{region}:{phonenumbers.national_significant_number(parsed)}"
    return f"raw:{country or NO_COUNTRY}:{digits}"


@lru_cache(maxsize=8192)
def phone_key(raw, country):
    """Read a number as people, phones and trunks write it.

    :param str|None raw: any written form, also tel: and sip: addresses
    :param str|None country: ISO code of the country it was written or received in
    :return: E.164; else ``raw:<country>:<digits>``; None for a withheld caller, text or nothing
    :rtype: str | None
    """
    if not raw:
        return None
    country = (country or "").upper() or None
    if country and country not in phonenumbers.SUPPORTED_REGIONS:
        country = None
    text = _strip_uri(_clean(raw))
    if not re.search(r"\d", text) or _WITHHELD.search(text.lower()):
        return None
    extension = _EXTENSION.match(text)
    if extension and len(re.sub(r"\D", "", extension["base"])) >= 3:
        text = extension["base"]
    if re.search(r"[^\W\d_]", text):
        return _key_in_words(text, country)
    key = _read(text, country)
    if key:
        return key
    # Two numbers in one field: the first; a switchboard's extension behind a dash: without it
    pieces = [*_PARTS.split(text)[:1], *re.findall(r"^(.*\d)\s*-\s*\d{1,5}$", text)]
    for piece in pieces:
        if piece != text and len(re.sub(r"\D", "", piece)) >= 7:
            key = _read(piece, country)
            if key:
                return key
    return _raw_key(text, country)


def _key_in_words(text, country):
    """:return: the key of a number with a label round it or letters in it; never a raw key"""
    for run in _RUN.findall(text):
        if len(re.sub(r"\D", "", run)) >= 7:
            key = _read(run, country)
            if key:
                return key
    if country and re.match(r"[+(]*\d", text) and len(re.findall(r"[A-Za-z]", text)) >= 3:
        return _valid(text, country)  # 1-800-FLOWERS
    return None


def _parsed(key):
    """:return: phonenumbers' object of an E.164 key, None of a raw one"""
    if not key or not key.startswith("+"):
        return None
    return phonenumbers.parse(key, None)


def phone_digits(key):
    """:return: what a PBX can dial for the key: E.164 or the raw digits"""
    return key.rpartition(":")[2] if key else ""


def phone_forms(key):
    """:return: what a line may send as the number dialled, sorted: with and without the country, and with
    what is dialled before a number within the country and from abroad"""
    parsed = _parsed(key)
    if parsed is None:
        return [phone_digits(key)] if key else []
    whole, national = key[1:], phonenumbers.national_significant_number(parsed)
    within = re.sub(r"\D", "", phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL))
    return sorted({key, whole, f"00{whole}", national, within})


def phone_country(key):
    """:return: ISO code of the number's own country, or ''"""
    if not key:
        return ""
    parsed = _parsed(key)
    if parsed is None:
        country = key.split(":")[1]
        return "" if country == NO_COUNTRY else country
    return phonenumbers.region_code_for_number(parsed) or ""


def phone_display(key):
    """:return: the number as people read it: international form, or the raw digits"""
    parsed = _parsed(key)
    if parsed is None:
        return phone_digits(key)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def phone_mask(key):
    """Show a number without giving it away: never more than country, area and the last four.

    At least three digits stay hidden in a number of the numbering plan.

    :return: ``+86 138 •••• 8000``
    """
    digits = phone_digits(key)
    parsed = _parsed(key)
    if parsed is None:
        return digits if len(digits) <= 4 else "•" * (len(digits) - 4) + digits[-4:]
    national = phonenumbers.national_significant_number(parsed)
    area = phonenumbers.length_of_geographical_area_code(parsed)
    if not area and phonenumbers.number_type(parsed) != phonenumbers.PhoneNumberType.FIXED_LINE:
        # Mobiles and service numbers: the network's digits, as far as they stay a small part
        area = phonenumbers.length_of_national_destination_code(parsed)
        area = area if area <= 3 else 0
    last = 4
    if len(national) - area - last < 3:
        area = 0
    last = max(0, min(last, len(national) - 3))
    parts = [f"+{parsed.country_code}", national[:area], "••••", national[len(national) - last :]]
    return " ".join(part for part in parts if part)


def phone_region(key, lang):
    """:param str lang: an Odoo language code (``zh_CN``)
    :return: place of the number (city, province or country) in that language, or ''
    """
    parsed = _parsed(key)
    if parsed is None:
        return ""
    language, _sep, place = (lang or "en").partition("_")
    place = place.partition("@")[0]
    script = "Hant" if language == "zh" and place in ("TW", "HK", "MO") else None
    return geocoder.description_for_number(parsed, language, script=script) or ""
