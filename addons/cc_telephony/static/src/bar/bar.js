// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, useEffect, useRef } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { isLegalMove, stateWord } from "../phone/agent_states";
import { CallStrip } from "./call_strip";
import { DialPad } from "./dial_pad";
import { Duration } from "./duration";
import { SignIn } from "./sign_in";
import { StateMenu } from "./state_menu";

/** The agent's phone in the navigation bar; nothing for users who aren't agents. */
export class Bar extends Component {
    static template = "cc_telephony.Bar";
    static components = { CallStrip, DialPad, Dropdown, Duration, SignIn, StateMenu };
    static props = {};

    setup() {
        this.phone = useService("cc_phone");
        this.signIn = useDropdownState();
        this.dial = useDropdownState();
        this.root = useRef("root");
        this.setupKeys();
        useEffect(
            (inCall) => {
                // On a narrow screen the call lies at the bottom: the page ends above it.
                document.body.classList.toggle("o_cc_in_call", inCall);
                return () => document.body.classList.remove("o_cc_in_call");
            },
            () => [this.phone.store.talking.length > 0]
        );
    }

    /**
     * Keys work everywhere, also while typing and in dialogs, but only when there is something for
     * them to do: at other times Alt+M stays the page's own.
     */
    setupKeys() {
        const { phone } = this;
        const key = (letter, isAvailable, run, selector) =>
            useHotkey(`alt+${letter}`, run, {
                bypassEditableProtection: true,
                global: true,
                isAvailable,
                withOverlay: () => (isAvailable() && document.querySelector(selector)) || undefined,
            });
        const ringing = () => phone.store.ringing[0] || phone.early[0];
        const talking = () => phone.store.talking[0];
        const legal = (state) =>
            phone.signedIn && isLegalMove(phone.store.states, phone.store.state, state);
        const hands = () => phone.hasHands;
        key(
            "a",
            () => hands() && Boolean(ringing()),
            () => phone.answer(ringing()),
            ".o_cc_answer"
        );
        key(
            "e",
            () => hands() && Boolean(talking()),
            () => phone.hangup(talking()),
            ".o_cc_hangup"
        );
        key(
            "m",
            () => hands() && Boolean(talking()),
            () => phone.mute(talking()),
            ".o_cc_mute"
        );
        key(
            "r",
            () => legal("ready"),
            () => phone.setState("ready"),
            ".o_cc_state"
        );
        key(
            "b",
            () => legal("busy"),
            () => phone.setState("busy"),
            ".o_cc_state"
        );
    }

    get store() {
        return this.phone.store;
    }

    get word() {
        const word = stateWord(this.store.state, this.store.states);
        return this.store.state === "break" && this.store.reason ? this.store.reason : word;
    }

    get icon() {
        return this.store.states.states[this.store.state]?.icon || "fa-circle-o";
    }

    get isSigningIn() {
        return Boolean(this.store.session) && !this.phone.signedIn;
    }

    get isChanging() {
        const { commands } = this.phone;
        return ["set_state", "sign_out"].some((kind) => commands.get(kind));
    }

    get stateTitle() {
        const { session } = this.store;
        return session?.extension
            ? _t("%(state)s, on phone %(extension)s", {
                  state: this.word,
                  extension: session.extension,
              })
            : this.word;
    }

    onTrouble() {
        this.phone.media.unlockSound();
    }

    signInHere() {
        this.phone.signIn("browser", this.store.session.extension);
    }
}

export const barSystrayItem = { Component: Bar };

registry.category("systray").add("cc_telephony.bar", barSystrayItem, { sequence: 200 });
