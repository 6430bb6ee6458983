// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { _t } from "@web/core/l10n/translation";

/** What to tell the agent for each result code of a command: the cause and the way out. */
const COMMAND_WORDS = {
    expired: _t("The PBX did not respond in time, so nothing was done. Try again."),
    unknown: _t(
        "The connection to the PBX was lost, so the result is unknown. Check the call, then try again if needed."
    ),
    no_call: _t("This call has already ended."),
    no_agent: _t("The PBX has no record of your sign-in. Sign out and in again."),
    not_registered: _t(
        "Your phone is not registered with the PBX. Check that it is switched on and connected, or sign in with another phone."
    ),
    illegal_state: _t("This is not possible in your current state."),
    bad_number: _t("This number cannot be dialled. Check it and try again."),
    ami_down: _t(
        "The PBX is unreachable at the moment. Try again in a few seconds or contact your administrator."
    ),
    refused: _t("The PBX refused this. If it happens again, contact your administrator."),
    failed: _t("The PBX could not do this. If it happens again, contact your administrator."),
    timeout: _t(
        "The PBX has not answered for 15 seconds. Check the result, then try again or contact your administrator."
    ),
};

/** No phone stands behind the state. */
export const AWAY_WORDS = _t(
    "The PBX cannot reach your phone, so no calls ring here. Check that it is switched on and connected, or sign in with another phone."
);
/** No phone stands behind the state, and this browser could be it. */
export const LEFT_ELSEWHERE_WORDS = _t(
    "The browser you signed in with is no longer connected, so no calls ring. Sign in here to take calls in this one."
);

/** Commands that ring at somebody else's phone. */
const OF_OTHERS = ["transfer", "consult", "invite"];

/**
 * @param {string} code result code of a command
 * @param {string} [message] the bridge's own words, in English, for what the code leaves open
 * @param {string} [kind] of the command: some are about another's phone
 * @returns {string}
 */
export function commandWords(code, message, kind) {
    if (code === "not_registered" && OF_OTHERS.includes(kind)) {
        return _t("The other phone is not registered, so it cannot ring. Choose someone else.");
    }
    const words = (COMMAND_WORDS[code] || COMMAND_WORDS.failed).toString();
    return message && ["failed", "refused"].includes(code) ? `${words} (${message})` : words;
}

/**
 * @param {object} card of a call
 * @param {string} [found] a name that is newer than the card
 * @returns {string} who the other party is: a name, else how many it may be, else the number that
 *   was dialled
 */
export function callerWords({ caller, direction }, found) {
    if (!found && caller?.company) {
        return _t("%(company)s (%(count)s contacts)", {
            company: caller.company,
            count: caller.known,
        });
    }
    if (found || caller?.name) {
        return found || caller.name;
    }
    if (caller?.known > 1) {
        return _t("%(count)s contacts", { count: caller.known });
    }
    return (direction === "outbound" && caller?.mask) || _t("Unknown caller");
}

/**
 * @param {object} card of a call
 * @param {string} customer
 * @returns {string} the colleague through whom the call is here; "" without one
 */
export function senderWords({ sender }, customer) {
    if (!sender) {
        return "";
    }
    const { kind, name } = sender;
    switch (kind) {
        case "consult":
            return _t("%(name)s asks about %(customer)s", { name, customer });
        case "invite":
            return _t("%(name)s invites you", { name });
    }
    return _t("From %(name)s", { name });
}

/**
 * @param {Error} error what `getUserMedia` threw
 * @returns {string} why there is no microphone and what to do
 */
export function microphoneWords(error) {
    switch (error?.name) {
        case "NotAllowedError":
        case "SecurityError":
            return _t(
                "The browser is not allowed to use the microphone. Click the icon next to the address, allow the microphone, then sign in again."
            );
        case "NotFoundError":
        case "OverconstrainedError":
            return _t("No microphone was found. Plug in a headset, then sign in again.");
        case "NotReadableError":
            return _t("Another program is using the microphone. Close it, then sign in again.");
        case "InsecureContext":
            return _t(
                "The microphone only works over https. Open this site at its https address, or contact your administrator."
            );
    }
    return _t("The microphone could not be opened: %(reason)s", {
        reason: error?.message || error?.name || "?",
    });
}

/**
 * @param {object} failure
 * @param {"library"|"connection"|"registration"|"call"} failure.what
 * @param {number} [failure.status] SIP status of the refusal
 * @param {string} [failure.cause] the SIP stack's word for it
 * @returns {string}
 */
export function sipWords({ what, status, cause }) {
    if (what === "library") {
        return _t(
            "The browser phone could not be loaded. Reload the page; if that does not help, contact your administrator."
        );
    }
    if (what === "connection") {
        return _t(
            "This browser cannot reach the PBX. Reconnecting automatically; if this persists, check your network."
        );
    }
    if (what === "registration") {
        if ([401, 403, 404].includes(status)) {
            return _t(
                "The PBX rejected this browser phone. Sign out and in again; if that does not help, contact your administrator."
            );
        }
        return _t("The browser phone could not register (%(cause)s). Retrying automatically.", {
            cause: status || cause || "?",
        });
    }
    return _t(
        "The audio of this call could not be connected (%(cause)s). Hang up and try again; check your headset and network.",
        { cause: status || cause || "?" }
    );
}

export const NO_TAB_WORDS = _t(
    "The tab running the browser phone is not responding. Reload this page to use the phone here."
);
export const NOT_HERE_WORDS = _t(
    "The call has not reached this browser. If it keeps ringing, reload the page."
);
