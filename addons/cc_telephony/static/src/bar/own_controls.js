// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { _t } from "@web/core/l10n/translation";
import { Keypad } from "../keypad/keypad";
import { registerCallControl } from "../phone/control_registry";

const isHeld = (card) => Boolean(card.held ?? card.state === "held");

/** Whom the agent invites and who does not answer yet; the one rung last. */
export const invitedParty = (card) =>
    card.can?.includes("uninvite") ? (card.parties || []).findLast(({ ring }) => ring) : undefined;

/**
 * The bar's own controls. Which is legal when comes with the card (`can`), which device can do it from
 * `call_controls.json` through `my_phone()`. One that is not possible now stays in its place and says
 * why; one that this phone can't do at all is left out.
 */
function ownControl(kind, { when = () => true, ...control }) {
    registerCallControl(kind, {
        sequence: 10,
        shortcut: kind,
        isDisplayed: (card, phone) => Boolean(card.can) && phone.deviceCan(kind) && when(card),
        why: (card, phone) => phone.whyNot(kind, card),
        run: (card, phone) => phone.control(kind, card),
        ...control,
    });
}

ownControl("toggle", {
    place: "hold",
    icon: "fa-exchange",
    label: _t("Swap calls"),
    waiting: _t("Waiting for the PBX to swap the calls …"),
    shortcut: "hold",
    shapes: true,
    when: (card) => Boolean(card.consult),
});
ownControl("resume", {
    place: "hold",
    icon: "fa-play",
    label: _t("Resume"),
    waiting: _t("Waiting for the PBX to resume the call …"),
    shortcut: "hold",
    shapes: true,
    when: (card) => !card.consult && isHeld(card),
});
ownControl("hold", {
    place: "hold",
    icon: "fa-pause",
    label: _t("Hold"),
    waiting: _t("Waiting for the PBX to put the customer on hold …"),
    shapes: true,
    when: (card) => !card.consult && !isHeld(card),
});

ownControl("complete", {
    place: "transfer",
    icon: "fa-sign-out",
    label: _t("Complete transfer"),
    waiting: _t("Waiting for the PBX to complete the transfer …"),
    shortcut: "transfer",
    when: (card) => Boolean(card.consult || card.conference),
});
ownControl("transfer", {
    place: "transfer",
    icon: "fa-share",
    label: _t("Transfer"),
    waiting: _t("Waiting for the PBX to transfer the call …"),
    when: (card) => !card.consult && !card.conference,
    run: (card, phone) => phone.openPicker("transfer"),
});

ownControl("cancel", {
    place: "consult",
    icon: "fa-undo",
    label: _t("Back to customer"),
    waiting: _t("Waiting for the PBX to bring the customer back …"),
    shapes: true,
    when: (card) => Boolean(card.consult),
});
ownControl("consult", {
    place: "consult",
    icon: "fa-comments-o",
    label: _t("Consult"),
    waiting: _t("Waiting for the PBX to call your colleague …"),
    shapes: true,
    when: (card) => !card.consult,
    run: (card, phone) => phone.openPicker("consult"),
});

ownControl("conference", {
    place: "invite",
    icon: "fa-users",
    label: _t("Merge calls"),
    waiting: _t("Waiting for the PBX to merge the calls …"),
    shapes: true,
    when: (card) => Boolean(card.consult),
});
// The invitation's key invites one more: stopping this one has none.
ownControl("uninvite", {
    place: "invite",
    icon: "fa-user-times",
    label: _t("Cancel invitation"),
    waiting: _t("Waiting for the PBX to cancel the invitation …"),
    shortcut: "",
    shapes: true,
    when: (card) => !card.consult && Boolean(invitedParty(card)),
    run: (card, phone) => phone.uninvite(card, invitedParty(card)),
});
ownControl("invite", {
    place: "invite",
    icon: "fa-user-plus",
    label: _t("Invite"),
    waiting: _t("Waiting for the PBX to call the next party …"),
    shapes: true,
    when: (card) => !card.consult && !invitedParty(card),
    run: (card, phone) => phone.openPicker("invite"),
});

ownControl("dtmf", {
    place: "dtmf",
    icon: "fa-th",
    label: _t("Keypad"),
    waiting: _t("Waiting for the PBX to send the digits …"),
    shortcut: "keypad",
    Menu: Keypad,
});

// The two that hurt when missed: they are never off, and there on every phone.
registerCallControl("mute", {
    place: "mute",
    sequence: 10,
    icon: (card, phone) => (phone.isMuted(card) ? "fa-microphone-slash" : "fa-microphone"),
    label: (card, phone) => (phone.isMuted(card) ? _t("Unmute") : _t("Mute")),
    waiting: _t("Waiting for the PBX to mute …"),
    shortcut: "mute",
    isPressed: (card, phone) => phone.isMuted(card),
    run: (card, phone) => phone.mute(card),
});
registerCallControl("hangup", {
    place: "hangup",
    sequence: 10,
    icon: "fa-stop",
    label: _t("Hang up"),
    waiting: _t("Waiting for the PBX to hang up …"),
    shortcut: "hangup",
    run: (card, phone) => phone.hangup(card),
});
