// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, useComponent, useEffect, useRef } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { Duration } from "../bar/duration";
import { senderWords } from "../phone/phone_words";
import { useSettled } from "../phone/settled";
import { cardActions } from "./card_actions";

/** Where the cards may lie, the best place first; see `incoming_card.scss`. */
const PLACES = ["top-end", "bottom-end", "bottom-start", "top-start"];

/** Where the agent went by pointer or key last: a field that a form has focused by itself is nobody's work. */
let touched = null;

for (const type of ["pointerdown", "keydown", "input"]) {
    window.addEventListener(type, ({ target }) => (touched = target), {
        capture: true,
        passive: true,
    });
}

/** @returns {boolean} whether two boxes lie over each other */
function overlap(a, b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** What a ring changes is in the page with its message: Owl alone would wait for the next frame first. */
function useDrawnAtOnce(bus) {
    const { app } = useComponent().__owl__;
    const draw = () => browser.setTimeout(() => app.scheduler.processTasks());
    useBus(bus, "HINTED", draw);
    useBus(bus, "RINGING", draw);
}

/** The calls that ring, over the page: who it is, and two big buttons. */
export class IncomingCards extends Component {
    static template = "cc_telephony.IncomingCards";
    static components = { Duration };
    static props = {};

    setup() {
        this.phone = useService("cc_phone");
        this.root = useRef("root");
        useSettled(this.root);
        useDrawnAtOnce(this.phone.bus);
        // Once, at the ring: what the agent looks for stays where it was seen.
        useEffect(
            (el) => {
                if (el) {
                    el.dataset.place = this.findPlace(el);
                }
            },
            () => [this.root.el]
        );
    }

    /** Addons may put more under the cards. */
    get isShown() {
        return this.calls.length > 0;
    }

    get calls() {
        const { phone } = this;
        const known = phone.store.ringing.map((card) => ({
            key: card.call_uid,
            call: card,
            name: phone.callerName(card),
            mask: card.caller?.mask || _t("No number"),
            hint:
                card.caller?.known > 1 && card.caller.name && !card.caller.company
                    ? _t("%(count)s contacts share this number", { count: card.caller.known })
                    : "",
            queue: card.queue?.name || "",
            dialled: card.dialled || "",
            since: card.sender?.since || card.queued_t || card.started_t,
            sender: senderWords(card, phone.callerName(card)),
            actions: cardActions(card, phone),
        }));
        const early = phone.early.map((session) => ({
            key: session.id,
            call: session,
            name: _t("Incoming call"),
            mask: _t("Looking up the caller …"),
            hint: "",
        }));
        return [...known, ...early].map((entry, index) => ({
            ...entry,
            answerTitle: index ? _t("Answer") : phone.keys.hint(_t("Answer"), "answer"),
            keys: index ? undefined : phone.keys.name("answer") || undefined,
            answering: phone.commands.get("answer", entry.key),
            rejecting: phone.commands.get("reject", entry.key),
        }));
    }

    /** @returns {string} the best place that is not over the field the agent is typing in */
    findPlace(el) {
        const typing = document.activeElement;
        const isEditable =
            typing && (/^(input|textarea)$/i.test(typing.tagName) || typing.isContentEditable);
        if (!isEditable || !typing.contains(touched) || el.contains(typing)) {
            return PLACES[0];
        }
        const box = el.getBoundingClientRect();
        const field = typing.getBoundingClientRect();
        const { innerWidth, innerHeight } = window;
        const isEnd = (place) => place.endsWith("end") !== (localization.direction === "rtl");
        const navbar = document.querySelector(".o_main_navbar")?.offsetHeight || 46;
        const free = PLACES.find((place) => {
            const left = isEnd(place) ? innerWidth - box.width : 0;
            const top = place.startsWith("top") ? navbar : innerHeight - box.height;
            const there = { left, top, right: left + box.width, bottom: top + box.height };
            return !overlap(there, field);
        });
        return free || PLACES[0];
    }
}

registry
    .category("main_components")
    .add("cc_telephony.IncomingCards", { Component: IncomingCards, props: {} });
