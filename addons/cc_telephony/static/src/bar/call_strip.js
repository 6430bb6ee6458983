// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Keypad } from "../keypad/keypad";
import { controlLook, partyName, waitingWords } from "../phone/call_controls";
import { QualityLight } from "../sound/quality_light";
import { Duration } from "./duration";

/** Controls that need a target first: they open the list of whom to bring in. */
const WITH_TARGET = ["transfer", "consult", "invite"];

/**
 * The call in the bar. Every control has a fixed place, counted from the right edge, which never moves:
 * hang up, mute, keypad, and four places in which a consultation puts its own four. A control that is
 * not possible now stays there and says why; one that this phone can't do at all is left out.
 */
export class CallStrip extends Component {
    static template = "cc_telephony.CallStrip";
    static components = { Dropdown, Duration, Keypad, QualityLight };
    static props = { card: Object };

    setup() {
        this.phone = useService("cc_phone");
        this.keypad = useDropdownState();
    }

    get card() {
        return this.props.card;
    }

    get name() {
        return this.phone.callerName(this.card);
    }

    /** The number, unless it stands in the name's place. */
    get mask() {
        const mask = this.card.caller?.mask;
        return mask === this.name || this.third ? "" : mask || "";
    }

    get since() {
        return this.card.answered_t || this.card.ring_t || this.card.started_t;
    }

    get isHeld() {
        return Boolean(this.card.held ?? this.card.state === "held");
    }

    /** What is particular about this call; that the agent is on a call stands beside it. */
    get word() {
        const { card } = this;
        if (card.conference) {
            const talkers = card.parties.filter(
                ({ state, mode }) => state === "talking" && !["listen", "whisper"].includes(mode)
            ).length;
            return _t("%(count)s talk together", { count: talkers + 1 });
        }
        if (this.isHeld || card.consult) {
            return this.isHeld ? _t("On hold") : "";
        }
        return card.answered_t ? "" : _t("Calling");
    }

    /** Who is rung to come into the talk; the one rung last. */
    get invited() {
        const { card } = this;
        return card.can?.includes("uninvite")
            ? (card.parties || []).findLast(({ ring }) => ring)
            : undefined;
    }

    /** @returns {{name: string, word: string, state: string}|null} whom a consultation or invitation is about */
    get third() {
        const consult =
            this.card.consult || (this.invited && { ...this.invited, state: "ringing" });
        return (
            consult && {
                name: partyName(consult),
                state: consult.state,
                word: {
                    ringing: _t("Calling"),
                    talking: _t("Talking with you"),
                    waiting: _t("Waits"),
                }[consult.state],
            }
        );
    }

    /** The four places before the keypad, in their order. */
    get slots() {
        const { card } = this;
        if (!card.can) {
            return [];
        }
        const { consult, conference } = card;
        return [
            ["hold", consult ? "toggle" : this.isHeld ? "resume" : "hold"],
            ["transfer", consult || conference ? "complete" : "transfer"],
            ["consult", consult ? "cancel" : "consult"],
            ["invite", consult ? "conference" : this.invited ? "uninvite" : "invite"],
        ].map(([slot, kind]) => this.slot(slot, kind));
    }

    slot(slot, kind) {
        const { phone, card } = this;
        const look = controlLook(kind);
        const key = { toggle: "hold", resume: "hold", complete: "transfer" }[kind] || kind;
        return {
            slot,
            kind,
            icon: look.icon,
            word: look.short,
            // The invitation's key invites one more: stopping this one has none.
            words: kind === "uninvite" ? look.label : phone.keys.hint(look.label, key),
            keys: kind === "uninvite" ? "" : phone.keys.name(key),
            run: () => {
                if (WITH_TARGET.includes(kind)) {
                    return phone.openPicker(kind);
                }
                return kind === "uninvite"
                    ? phone.uninvite(card, this.invited)
                    : phone.control(kind, card);
            },
        };
    }

    /** Buttons in their order; only what this phone can do. */
    get controls() {
        const { phone } = this;
        return this.slots.filter(({ kind }) => phone.deviceCan(kind)).map((c) => this.decorate(c));
    }

    /** The ones that hurt when missed. */
    get fixedControls() {
        const { card, phone } = this;
        const muted = phone.isMuted(card);
        return [
            {
                slot: "mute",
                kind: "mute",
                icon: muted ? "fa-microphone-slash" : "fa-microphone",
                words: phone.keys.hint(muted ? _t("Unmute") : _t("Mute"), "mute"),
                keys: phone.keys.name("mute"),
                pressed: String(muted),
                run: () => phone.mute(card),
            },
            {
                slot: "hangup",
                kind: "hangup",
                icon: "fa-stop",
                words: phone.keys.hint(_t("Hang up"), "hangup"),
                keys: phone.keys.name("hangup"),
                run: () => phone.hangup(card),
            },
        ].map((control) => this.decorate(control));
    }

    decorate(control) {
        const { card, phone } = this;
        const pending = phone.commands.get(control.kind, card.call_uid);
        const always = ["mute", "hangup"].includes(control.kind);
        const why = always ? "" : phone.whyNot(control.kind, card);
        const title = pending?.slow
            ? waitingWords(control.kind)
            : why
              ? _t("%(control)s: %(why)s", { control: control.words, why })
              : control.words;
        return {
            ...control,
            pending,
            title,
            off: why ? "true" : undefined,
            click: () => !why && !pending && control.run(),
        };
    }

    get keypadControl() {
        const look = controlLook("dtmf");
        return this.decorate({
            slot: "dtmf",
            kind: "dtmf",
            icon: look.icon,
            words: this.phone.keys.hint(look.label, "keypad"),
            keys: this.phone.keys.name("keypad"),
            run: () => {},
        });
    }
}
