// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { _t } from "@web/core/l10n/translation";

/** What to tell the agent for each result code of a command: the cause and the way out. */
const COMMAND_WORDS = {
    expired: _t("The PBX did not take this in time, so it was not done. Please try again."),
    unknown: _t(
        "It is not known whether this was done: the link to the PBX broke meanwhile. Look at the call, then try again if needed."
    ),
    no_call: _t("This call is over already."),
    no_agent: _t("The PBX does not know you as signed in. Sign out and in again."),
    not_registered: _t(
        "Your phone is not registered with the PBX. Check that it is switched on and connected, or sign in with another phone."
    ),
    illegal_state: _t("This is not possible in your present state."),
    bad_number: _t("This number can't be dialled. Check it and try again."),
    ami_down: _t(
        "The PBX can't be reached at the moment. It is being reconnected; try again in a few seconds or tell your administrator."
    ),
    refused: _t("The PBX refused this. If it happens again, tell your administrator."),
    failed: _t("The PBX could not do this. If it happens again, tell your administrator."),
    timeout: _t(
        "No answer from the PBX for 15 seconds. Check whether it was done, then try again or tell your administrator."
    ),
};

/**
 * @param {string} code result code of a command
 * @param {string} [message] the bridge's own words, in English, for what the code leaves open
 * @returns {string}
 */
export function commandWords(code, message) {
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
    if (found || caller?.name) {
        return found || caller.name;
    }
    if (caller?.known > 1) {
        return _t("%(count)s customers", { count: caller.known });
    }
    return (direction === "outbound" && caller?.mask) || _t("Unknown caller");
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
                "The browser may not use the microphone. Click the icon left of the address, allow the microphone for this site, then sign in again."
            );
        case "NotFoundError":
        case "OverconstrainedError":
            return _t("No microphone was found. Plug in a headset, then sign in again.");
        case "NotReadableError":
            return _t(
                "The microphone is in use by another program. Close that program, then sign in again."
            );
        case "InsecureContext":
            return _t(
                "Browsers give the microphone to https pages only. Open this site by its https address, or ask your administrator."
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
            "The browser phone's program could not be loaded. Reload the page; if that does not help, tell your administrator."
        );
    }
    if (what === "connection") {
        return _t(
            "No connection between this browser and the PBX. It is tried again by itself; check your network if it stays away."
        );
    }
    if (what === "registration") {
        if ([401, 403, 404].includes(status)) {
            return _t(
                "The PBX did not accept this browser phone. Sign out and in again; if that does not help, tell your administrator."
            );
        }
        return _t(
            "The browser phone could not be registered (%(cause)s). It is tried again by itself.",
            { cause: status || cause || "?" }
        );
    }
    return _t(
        "The sound of this call could not be connected (%(cause)s). Hang up and try again; check headset and network.",
        { cause: status || cause || "?" }
    );
}

export const NO_TAB_WORDS = _t(
    "The tab that holds the browser phone does not answer. Reload this page to take the phone over."
);
export const NOT_HERE_WORDS = _t(
    "The call has not reached this browser's phone. If it goes on ringing, reload the page."
);
