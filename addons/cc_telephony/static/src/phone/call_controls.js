// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { _t } from "@web/core/l10n/translation";

/**
 * Icons and words of a call's controls. Which is legal when comes with the card (`can`), which device
 * can do it from `call_controls.json` through `my_phone()`.
 */
const CONTROLS = {
    hold: {
        icon: "fa-pause",
        label: _t("Hold"),
        waiting: _t("Waiting for the PBX to put the customer on hold …"),
    },
    resume: {
        icon: "fa-play",
        label: _t("Resume"),
        waiting: _t("Waiting for the PBX to take the customer off hold …"),
    },
    transfer: {
        icon: "fa-share",
        label: _t("Transfer"),
        waiting: _t("Waiting for the PBX to transfer the call …"),
    },
    consult: {
        icon: "fa-comments-o",
        label: _t("Consult"),
        waiting: _t("Waiting for the PBX to call the colleague …"),
    },
    cancel: {
        icon: "fa-undo",
        label: _t("Back to the customer"),
        short: _t("Back"),
        waiting: _t("Waiting for the PBX to bring the customer back …"),
    },
    toggle: {
        icon: "fa-exchange",
        label: _t("Swap who waits"),
        short: _t("Swap"),
        waiting: _t("Waiting for the PBX to swap the two …"),
    },
    conference: {
        icon: "fa-users",
        label: _t("Talk together"),
        short: _t("All three"),
        waiting: _t("Waiting for the PBX to bring all together …"),
    },
    complete: {
        icon: "fa-sign-out",
        label: _t("Hand over and leave"),
        short: _t("Hand over"),
        waiting: _t("Waiting for the PBX to hand the call over …"),
    },
    invite: {
        icon: "fa-user-plus",
        label: _t("Invite somebody"),
        short: _t("Invite"),
        waiting: _t("Waiting for the PBX to call the next party …"),
    },
    uninvite: {
        icon: "fa-user-times",
        label: _t("Stop calling"),
        short: _t("Stop"),
        waiting: _t("Waiting for the PBX to stop the ringing …"),
    },
    dtmf: {
        icon: "fa-th",
        label: _t("Keypad"),
        waiting: _t("Waiting for the PBX to send the keys …"),
    },
    collect: {
        icon: "fa-keyboard-o",
        label: _t("Ask for keys"),
        waiting: _t("The customer is being asked for keys …"),
    },
    kick: {
        icon: "fa-user-times",
        label: _t("Remove from the call"),
        waiting: _t("Waiting for the PBX to let the party go …"),
    },
    pickup: {
        icon: "fa-hand-paper-o",
        label: _t("Pick up"),
        waiting: _t("Waiting for the PBX to bring the call to you …"),
    },
    mute: {
        icon: "fa-microphone",
        label: _t("Mute"),
        waiting: _t("Waiting for the PBX to mute …"),
    },
    prolong: {
        icon: "fa-clock-o",
        label: _t("More time"),
        waiting: _t("Waiting for the PBX to give more time …"),
    },
    hangup: {
        icon: "fa-stop",
        label: _t("Hang up"),
        waiting: _t("Waiting for the PBX to hang up …"),
    },
};

/** Commands that are over when the call itself has changed its shape. */
export const SHAPING = [
    "hold",
    "resume",
    "consult",
    "cancel",
    "toggle",
    "conference",
    "invite",
    "uninvite",
];

/** @returns {{icon: string, label: string, short: string}} how a control is shown */
export function controlLook(kind) {
    const { icon, label, short } = CONTROLS[kind];
    return { icon, label: label.toString(), short: (short || label).toString() };
}

/** @returns {string} what a command waits for, to be said after two seconds */
export function waitingWords(kind) {
    return (CONTROLS[kind]?.waiting || _t("Waiting for the PBX …")).toString();
}

/**
 * @param {object} table `call_controls.json`
 * @param {string} kind
 * @param {string} device "browser", "desk" or "mobile"
 * @returns {boolean} whether that device can do it at all
 */
export function deviceCan(table, kind, device) {
    const row = (table?.controls || []).find(({ control }) => control === kind);
    return !row || row.devices.includes(device);
}

/**
 * @param {object} card
 * @param {string} kind
 * @returns {string} why the control can't be used now; "" when it can
 */
export function whyNot(card, kind) {
    if (card.can?.includes(kind)) {
        return "";
    }
    if (card.mine !== "talking" || !card.answered_t) {
        return _t("Not before the call is answered.");
    }
    if (card.consult?.state === "ringing" && kind !== "cancel") {
        return ["toggle", "conference"].includes(kind)
            ? _t("Not before %(name)s has answered.", { name: partyName(card.consult) })
            : _t("First go back to the customer, or hand over.");
    }
    if (card.consult) {
        return _t("First go back to the customer, hand over or talk together.");
    }
    if (card.conference && ["transfer", "consult", "collect"].includes(kind)) {
        return _t("Not while several talk together. Remove the others first, or leave.");
    }
    if (card.held) {
        return _t("Take the customer off hold first.");
    }
    return _t("Not possible at this moment of the call.");
}

/** @returns {string} a party's or a consulted person's name as far as it is known */
export function partyName(party) {
    return party?.name || party?.mask || _t("Unknown");
}
