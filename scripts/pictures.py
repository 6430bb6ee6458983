# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Makes docs/pictures/ out of a running instance: `make pictures`, or `python scripts/pictures.py demo`.

Real calls are made on the instance's Asterisk, Chromium shows what an agent sees, and pictures are
taken in English and, of what matters most, in Chinese. The instance must be up and nobody signed in.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPO / part) for part in ("scripts", "tests", "tests/system")]

from chromium import CHROMIUM  # noqa: E402
from desk import Desk, eventually  # noqa: E402
from facts_of import Known, ask, calls, recordings, shared_number  # noqa: E402
from playwright.sync_api import Browser, Error, sync_playwright  # noqa: E402

from cc_stack.settings import StackError  # noqa: E402 (the paths come first)
from cc_stack.stack import Stack  # noqa: E402
from cc_stack.templates import progress  # noqa: E402

# seconds that a page gets to come to rest before it is taken
REST = 1.2
UNKNOWN = "+8613955501234"
LANGUAGES = {"en": "en_US", "zh": "zh_CN"}


class Pictures:
    """One run: a browser, a stack, a folder."""

    def __init__(self, stack: Stack, browser: Browser, out: Path) -> None:
        self.stack = stack
        self.browser = browser
        self.out = out

    # ---- helpers

    def take(self, desk: Desk, name: str, *, clip_height: int | None = None) -> None:
        """Takes the page as it is; without moving parts where `clip_height` cuts it to the bar."""
        # by script: a menu that is open stays open
        desk.page.evaluate(
            "document.querySelectorAll('.o_notification_close').forEach((one) => one.click())"
        )
        time.sleep(REST)
        clip = {"x": 0, "y": 0, "width": 1280, "height": clip_height} if clip_height else None
        target = self.out / f"{name}.png"
        # no animations="disabled": it would show endless ones (the ringing bell) in their first moment
        desk.page.screenshot(path=target, clip=clip)
        progress(f"{target.relative_to(REPO) if target.is_relative_to(REPO) else target}")

    def speak(self, login: str, lang: str) -> None:
        """Sets a user's language; Odoo's caches hear of it because it is written through Odoo."""
        admin = Desk(self.browser, self.stack, "admin")
        try:
            found = admin.rpc("res.users", "search", [["login", "=", login]])
            admin.rpc("res.users", "write", found, {"lang": lang})
        finally:
            admin.close()

    @staticmethod
    def sign_in(desk: Desk, **where: str) -> None:
        """Signs in, and waits for the menu of states: the state comes a moment before it."""
        desk.sign_in(**where)
        desk.page.wait_for_selector(".o_cc_bar .o_cc_state.o_cc_is_busy")

    @contextmanager
    def agent(self, login: str, **sign_in: str) -> Iterator[Desk]:
        """An agent at work who is signed out at the end."""
        desk = Desk(self.browser, self.stack, login)
        try:
            if sign_in:
                self.sign_in(desk, **sign_in)
                desk.choose_state("ready")
            yield desk
        except Exception:
            # what she saw when it went wrong
            desk.page.screenshot(path=self.stack.settings.logs / "pictures-failed.png")
            raise
        finally:
            desk.leave()
            desk.close()

    def known(self) -> Known:
        """A customer with a number of their own, who has deals: their page has something to show."""
        rows = ask(
            self.stack,
            """
            SELECT p.id, p.name, n.key FROM res_partner p
              JOIN cc_phone_link l ON l.partner_id = p.id
              JOIN cc_phone_number n ON n.id = l.number_id
             WHERE n.key LIKE '+86%' AND NOT p.is_company
               AND (SELECT count(*) FROM cc_phone_link o WHERE o.number_id = n.id) = 1
               AND EXISTS (SELECT 1 FROM crm_lead d WHERE d.partner_id = p.id AND d.active)
             ORDER BY p.user_id IS NULL, p.id LIMIT 1
            """,
        )
        if not rows:
            raise StackError("the demo data has no customer with a number and a deal")
        return Known(int(rows[0][0]), rows[0][1], rows[0][2])

    # ---- scenes

    def history(self, who: Known) -> None:
        """Some calls that the log shows: answered at a desk phone, given up, dialled out."""
        self.stack.phone("2001", answer="auto")
        others = ask(
            self.stack,
            f"""SELECT min(n.key) FROM cc_phone_number n JOIN cc_phone_link l ON l.number_id = n.id
                WHERE n.key LIKE '+86%' AND n.key <> '{who.key}' AND l.partner_id IS NOT NULL
                  AND (SELECT count(*) FROM cc_phone_link o WHERE o.number_id = n.id) = 1
                GROUP BY l.partner_id ORDER BY l.partner_id LIMIT 3""",
        )
        with self.agent("ben", device="desk", extension="2001") as ben:
            for number in [who.key, *(row[0] for row in others)]:
                began = time.time()
                ben.expect_state("ready", 40)  # the wrap-up ends by itself
                customer = self.stack.customer(number, "100")
                ben.expect_talking(20)
                time.sleep(4)
                customer.hang_up()
                customer.wait_end(20)
                self._ended(number, began)
        began = time.time()
        customer = self.stack.customer(UNKNOWN, "100")
        time.sleep(4)
        customer.hang_up()
        customer.wait_end(20)
        self._ended(UNKNOWN, began)

    def _ended(self, key: str, since: float) -> int:
        """Id of the call that has ended. AssertionError when it does not within half a minute."""
        found = eventually(
            lambda: [c for c in calls(self.stack, key, since) if c.state == "ended"], 30
        )
        return int(found[-1].id)

    def signing_in(self) -> None:
        """The bar signed out, its phones, its states."""
        with self.agent("ann") as ann:
            ann.page.goto(f"{self.stack.settings.url}/odoo/my-calls")
            ann.page.wait_for_selector(".o_action_manager .o_view_controller")
            ann.page.click(".o_cc_bar .o_cc_state")
            ann.page.wait_for_selector(".o_cc_device")
            self.take(ann, "sign-in", clip_height=420)
            ann.page.keyboard.press("Escape")
            self.sign_in(ann, device="browser")
            ann.page.click(".o_cc_bar .o_cc_state")
            ann.page.wait_for_selector(".o_cc_state_choice")
            self.take(ann, "states", clip_height=530)

    def main_job(self, who: Known, suffix: str) -> None:
        """A known customer: ringing, talking, the wrap-up, and the call's page with its player."""
        with self.agent("ann", device="browser") as ann:
            began = time.time()
            customer = self.stack.customer(who.key, "100")
            ann.expect_card(who.name)
            eventually(lambda: who.name in ann.form_name())
            self.take(ann, f"ringing{suffix}")
            ann.answer()
            ann.expect_talking()
            ann.page.click(".o_cc_panel_tab_call")
            note = ann.page.locator(".o_cc_call_note textarea")
            note.fill(
                "客户询问交货日期" if suffix else "Asks for the delivery date of the last order"
            )
            note.blur()
            time.sleep(6)
            self.take(ann, f"talking{suffix}")
            ann.hang_up()
            ann.expect_state("wrap_up")
            ann.page.wait_for_selector(".o_cc_finish")
            self.take(ann, f"wrap-up{suffix}", clip_height=420)
            customer.wait_end(20)
            call = self._ended(who.key, began)
            eventually(
                lambda: [r for r in recordings(self.stack, call) if r["state"] == "stored"], 60
            )
            ann.page.goto(f"{self.stack.settings.url}/odoo/cc.call/{call}")
            player = ann.page.locator(".o_cc_player").first
            player.locator("button").first.click()
            ann.page.wait_for_function(
                "() => { const a = document.querySelector('audio'); return a && a.currentTime > 2; }",
                timeout=15000,
            )
            ann.page.set_viewport_size({"width": 1280, "height": 1080})
            ann.page.evaluate(
                "document.querySelectorAll('.o_action_manager *').forEach((e) => { e.scrollTop = 0; })"
            )
            self.take(ann, f"call{suffix}")

    def controls(self, who: Known, suffix: str) -> None:
        """What is done with a call: on hold, whom to bring in, a consultation, the keypad, the keys."""
        self.stack.phone("2001", answer="auto")
        with self.agent("ann", device="browser") as ann:
            customer = self.stack.customer(who.key, "100")
            ann.expect_card(who.name)
            ann.answer()
            ann.expect_talking()
            began = time.time()
            eventually(lambda: who.name in ann.form_name())
            ann.page.click(".o_cc_keypad_button")
            ann.page.wait_for_selector(".o_cc_keypad")
            ann.page.keyboard.type("12#", delay=200)
            self.take(ann, f"keypad{suffix}", clip_height=420)
            ann.page.keyboard.press("Escape")
            ann.page.keyboard.press("Alt+h")
            ann.page.wait_for_selector(".o_cc_call_strip.o_cc_held")
            self.take(ann, f"hold{suffix}", clip_height=220)
            ann.page.keyboard.press("Alt+h")
            ann.page.wait_for_selector(".o_cc_slot_hold.o_cc_hold:not(:disabled)")
            # only now: the call before was hers alone
            with self.agent("ben", device="desk", extension="2001"):
                ann.page.keyboard.press("Alt+t")
                ann.page.wait_for_selector(".o_cc_picker_search:focus")
                ann.page.wait_for_selector("[role=option] .o_cc_is_ready")
                self.take(ann, f"transfer{suffix}")
                ann.page.keyboard.type("ben")
                ann.page.wait_for_selector("[role=option][aria-selected=true]:has-text('Ben')")
                ann.page.keyboard.press("Shift+Enter")
                ann.page.wait_for_selector(".o_cc_third[data-state=talking]", timeout=15000)
                ann.page.click(".o_cc_panel_tab_call")
                self.take(ann, f"consult{suffix}")
                ann.page.keyboard.press("Alt+w")
                ann.page.wait_for_selector(".o_cc_call_strip:not(.o_cc_consulting)")
                self.take(ann, f"three{suffix}")
                ann.page.locator("body").press("?")
                ann.page.wait_for_selector(".o_cc_shortcut_sheet")
                self.take(ann, f"keys{suffix}")
                ann.page.keyboard.press("Escape")
                ann.page.keyboard.press("Alt+e")
                ann.expect_state("wrap_up")
                customer.hang_up()
                customer.wait_end(20)
                self._ended(who.key, began - 30)

    def lists_of_the_panel(self, suffix: str) -> None:
        """Last calls, and what leaders announce."""
        admin = Desk(self.browser, self.stack, "admin")
        try:
            title = "下周一起执行新的退货政策" if suffix else "New return policy from Monday"
            values = {"title": title, "body": f"<p>{title}</p>"}
            made = admin.rpc("cc.announcement", "create", [values])
            admin.rpc("cc.announcement", "action_publish", made)
        finally:
            admin.close()
        with self.agent("ann", device="browser") as ann:
            ann.page.click(".o_cc_recent_button")
            ann.page.wait_for_selector(".o_cc_row")
            self.take(ann, f"recent{suffix}")
            ann.page.click(".o_cc_announcements_button")
            ann.page.wait_for_selector(".o_cc_announcement")
            self.take(ann, f"announcements{suffix}", clip_height=420)
            ann.page.click(".o_cc_panel_tab_sound")
            ann.page.wait_for_selector(".o_cc_sound")
            self.take(ann, f"sound{suffix}", clip_height=520)

    def strangers(self) -> None:
        """An unknown caller's new lead, and the question who of several is calling."""
        with self.agent("ann", device="browser") as ann:
            began = time.time()
            # another number than the one in the log: saving is not part of the picture
            unknown = f"{UNKNOWN[:-1]}9"
            customer = self.stack.customer(unknown, "100")
            ann.page.wait_for_selector(".o_cc_card .o_cc_answer", timeout=15000)
            ann.answer()
            ann.expect_talking()
            ann.page.wait_for_selector(".o_form_view .o_cc_banner_number")
            self.take(ann, "unknown-caller")
            ann.hang_up()
            customer.wait_end(20)
            self._ended(unknown, began)
            ann.page.goto(f"{self.stack.settings.url}/odoo/my-calls")
            ann.expect_state("ready", 40)
            key, _names = shared_number(self.stack)
            began = time.time()
            customer = self.stack.customer(key, "100")
            ann.page.wait_for_selector(".o_cc_choice", timeout=15000)
            ann.page.click(".o_cc_card .o_cc_answer")
            ann.expect_talking()
            self.take(ann, "chooser")
            ann.page.keyboard.press("Alt+e")
            customer.wait_end(20)
            self._ended(key, began)

    def lists(self, suffix: str) -> None:
        """The call log as a leader sees it."""
        with self.agent("lea") as lea:
            lea.page.goto(f"{self.stack.settings.url}/odoo/calls")
            lea.page.wait_for_selector(".o_list_view .o_data_row")
            self.take(lea, f"call-log{suffix}")

    def campaigns(self, suffix: str) -> None:
        """A campaign's progress, what customers answered, messages; an agent with a contact in hand."""
        url = self.stack.settings.url
        found = "SELECT id FROM cc_campaign WHERE name = 'Spring service offer'"
        if not ask(self.stack, found):
            self.stack.make_history()
        [[campaign]] = ask(self.stack, found)
        boss = Desk(self.browser, self.stack, "max")
        boss.page.goto(f"{url}/odoo/action-cc_survey_dialer.cc_campaign_action/{campaign}")
        boss.page.wait_for_selector(".o_cc_progress .o_cc_count")
        self.take(boss, f"campaign{suffix}")
        boss.page.click("button[name=action_open_statistics]")
        boss.page.wait_for_selector(".o_cc_survey_statistics")
        self.take(boss, f"questionnaire{suffix}")
        boss.page.goto(f"{url}/odoo/action-cc_survey_dialer.cc_sms_message_action_statistics")
        boss.page.wait_for_selector(".o_graph_view canvas, .o_pivot_view")
        self.take(boss, f"messages{suffix}")
        boss.close()
        with self.agent("ann", device="browser") as ann:
            ann.page.click(".o_cc_campaign_button")
            ann.page.wait_for_selector(".o_cc_campaign_next, .o_cc_script")
            # in the second language she has a contact in hand already
            if not ann.page.locator(".o_cc_script").count():
                ann.page.click(".o_cc_campaign_next")
            ann.page.wait_for_selector(".o_cc_script")
            self.take(ann, f"contact{suffix}")

    def administration(self) -> None:
        """The PBX's page."""
        admin = Desk(self.browser, self.stack, "admin")
        [[pbx]] = ask(self.stack, "SELECT id FROM cc_pbx WHERE code = 'main'")
        admin.page.set_viewport_size({"width": 1280, "height": 1000})
        admin.page.goto(f"{self.stack.settings.url}/odoo/cc.pbx/{pbx}")
        admin.page.wait_for_selector(".o_form_view .o_field_widget[name=health]")
        self.take(admin, "pbx-health")
        admin.close()


def main() -> int:
    """Takes all pictures, or those of one scene; exit code 1 with words when the instance can't be used."""
    parser = argparse.ArgumentParser(prog="pictures", description=__doc__)
    parser.add_argument("instance", nargs="?", default="demo", help="a running instance")
    parser.add_argument("--out", type=Path, default=REPO / "docs" / "pictures")
    parser.add_argument(
        "--only",
        help="one scene: history, bar, job, controls, panel, strangers, lists, pbx, chinese,"
        " campaigns",
    )
    options = parser.parse_args()
    stack = Stack(options.instance)
    if not stack.bridge.alive or not stack.nginx.alive:
        print(f"the instance {options.instance} is not up: make demo-up", file=sys.stderr)
        return 1
    chromium = shutil.which("chromium")
    if not chromium:
        print("Chromium is not installed: make install", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        pictures = Pictures(stack, browser, options.out.resolve())
        who = pictures.known()

        def chinese() -> None:
            try:
                for login in ("ann", "lea"):
                    pictures.speak(login, LANGUAGES["zh"])
                pictures.main_job(who, "-zh")
                pictures.controls(who, "-zh")
                pictures.lists_of_the_panel("-zh")
                pictures.lists("-zh")
            finally:
                for login in ("ann", "lea"):
                    pictures.speak(login, LANGUAGES["en"])

        def campaigns() -> None:
            # last: with them come weeks of calls
            try:
                for suffix, lang in (("", "en"), ("-zh", "zh")):
                    for login in ("ann", "max"):
                        pictures.speak(login, LANGUAGES[lang])
                    pictures.campaigns(suffix)
            finally:
                for login in ("ann", "max"):
                    pictures.speak(login, LANGUAGES["en"])

        scenes: dict[str, Callable[[], None]] = {
            "history": lambda: pictures.history(who),
            "bar": pictures.signing_in,
            "job": lambda: pictures.main_job(who, ""),
            "controls": lambda: pictures.controls(who, ""),
            "panel": lambda: pictures.lists_of_the_panel(""),
            "strangers": pictures.strangers,
            "lists": lambda: pictures.lists(""),
            "pbx": pictures.administration,
            "chinese": chinese,
            "campaigns": campaigns,
        }
        wanted = [options.only] if options.only else list(scenes)
        try:
            for name in wanted:
                scenes[name]()
        except (StackError, AssertionError, Error, KeyError) as error:
            print(f"pictures: {type(error).__name__}: {error}", file=sys.stderr)
            return 1
        finally:
            for stray in stack.strays():
                if stray.name.startswith("customer-"):
                    stray.stop()
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
