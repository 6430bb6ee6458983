// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { isLegalMove } from "../phone/agent_states";

/**
 * What the call was about. Saved when the agent leaves a field, and when the panel goes; Enter saves
 * and ends the wrap-up, Shift+Enter begins a new line.
 */
export class CallNote extends Component {
    static template = "cc_telephony.CallNote";
    static props = { card: Object };

    setup() {
        this.phone = useService("cc_phone");
        // Not by useService: what is saved last is saved when this component is gone already.
        this.orm = this.env.services.orm;
        this.callId = this.props.card.id;
        this.state = useState({ purposes: [], purpose: "", note: "", saved: false });
        this.noteId = null;
        this.dirty = false;
        this.saving = Promise.resolve();
        this.placeholder = _t("What was it about? Enter saves");
        useAutofocus({ refName: "note" });
        onWillStart(() => this.load());
        onWillUnmount(() => this.save());
    }

    async load() {
        const [purposes, notes] = await Promise.all([
            this.orm.searchRead("cc.call.purpose", [], ["name"]),
            this.orm.searchRead(
                "cc.call.note",
                [["call_id", "=", this.callId]],
                ["note", "purpose_id"]
            ),
        ]);
        this.state.purposes = purposes.map(({ id, name }) => ({ id: String(id), name }));
        if (notes.length) {
            this.noteId = notes[0].id;
            this.state.note = notes[0].note || "";
            this.state.purpose = String(notes[0].purpose_id?.[0] || "");
        }
    }

    onChange() {
        this.dirty = true;
        this.state.saved = false;
    }

    /** One after the other: the second would not yet know the row that the first makes. */
    save() {
        if (this.dirty) {
            this.dirty = false;
            this.saving = this.saving.then(() => this.write());
        }
        return this.saving;
    }

    async write() {
        const values = {
            note: this.state.note,
            purpose_id: Number(this.state.purpose) || false,
        };
        try {
            if (this.noteId) {
                await this.orm.write("cc.call.note", [this.noteId], values);
            } else {
                [this.noteId] = await this.orm.create("cc.call.note", [
                    { ...values, call_id: this.callId },
                ]);
            }
            this.state.saved = true;
        } catch (error) {
            this.dirty = true;
            throw error;
        }
    }

    async onKeydown(ev) {
        if (ev.key !== "Enter" || ev.shiftKey || ev.isComposing) {
            return;
        }
        ev.preventDefault();
        await this.save();
        const { store } = this.phone;
        if (store.state === "wrap_up" && isLegalMove(store.states, store.state, "ready")) {
            this.phone.setState("ready");
        }
    }
}

registry
    .category("cc_telephony.panels")
    .add("note", { title: _t("Note"), icon: "fa-pencil", Component: CallNote }, { sequence: 10 });
