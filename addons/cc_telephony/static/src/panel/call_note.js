// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Duration } from "../bar/duration";
import { Part } from "./part";
import { whyIncomplete, wrapUpParts } from "./wrap_up";

/** What was written is saved when the writer pauses for this long, and once more while Odoo is away, ms. */
const PAUSE = 2000;

/** @returns {boolean} whether the agent types somewhere: the cursor is not taken from there */
function isTyping() {
    const el = document.activeElement;
    return Boolean(el && (/^(input|textarea)$/i.test(el.tagName) || el.isContentEditable));
}

/**
 * What the call was about: purpose, source and one line. Saved when the agent pauses or leaves a field, and
 * when the panel or the page goes; Enter saves and ends the wrap-up, Shift+Enter begins a new line.
 */
export class CallNote extends Component {
    static template = "cc_telephony.CallNote";
    static components = { Duration, Part };
    static props = { card: Object };

    setup() {
        this.phone = useService("cc_phone");
        // Not by useService: what is saved last is saved when this component is gone already.
        this.orm = this.env.services.orm;
        this.callId = this.props.card.id;
        this.state = useState({
            purposes: [],
            sources: [],
            purpose: "",
            source: "",
            note: "",
            saved: false,
            waits: false,
        });
        this.dirty = false;
        this.saving = Promise.resolve();
        this.pause = null;
        this.placeholder = _t("What was it about? Press Enter to save");
        this.field = useRef("note");
        useEffect(
            (wanted, isWrapUp) => {
                if (wanted || (isWrapUp && !isTyping())) {
                    this.field.el.focus();
                    this.phone.panel.wantFocus = false;
                }
            },
            () => [this.phone.panel.wantFocus, this.isWrapUp]
        );
        useEffect(
            (el) => {
                if (el) {
                    // One line, more when there is more to say.
                    el.style.height = "auto";
                    el.style.height = `${el.scrollHeight + 2}px`;
                }
            },
            () => [this.field.el, this.state.note]
        );
        onWillStart(() => this.load());
        onWillUnmount(() => this.save());
        useExternalListener(window, "pagehide", () => this.saveLast());
    }

    get isWrapUp() {
        return this.phone.store.state === "wrap_up";
    }

    /** What addons want of this call. */
    get parts() {
        return wrapUpParts(this.props.card, this.phone);
    }

    get incomplete() {
        return this.isWrapUp ? whyIncomplete(this.props.card, this.phone) : "";
    }

    get prolongWords() {
        return _t("+%(seconds)s s", { seconds: this.phone.prolongSeconds });
    }

    get prolongTitle() {
        return _t("Extend wrap-up by %(seconds)s seconds (%(count)s left)", {
            seconds: this.phone.prolongSeconds,
            count: this.phone.store.more,
        });
    }

    async load() {
        const [purposes, sources, [subject], [own]] = await Promise.all([
            this.orm.searchRead("cc.call.purpose", [], ["name"]),
            this.orm.searchRead("cc.call.source", [], ["name"]),
            // Purpose and source are the call's, also without a note; the text is everybody's own.
            this.orm.searchRead("cc.call", [["id", "=", this.callId]], ["purpose_id", "source_id"]),
            this.orm.searchRead(
                "cc.call.note",
                [
                    ["call_id", "=", this.callId],
                    ["author_id", "=", user.userId],
                ],
                ["note"]
            ),
        ]);
        const choices = (rows) => rows.map(({ id, name }) => ({ id: String(id), name }));
        this.state.purposes = choices(purposes);
        this.state.sources = choices(sources);
        this.state.note = own?.note || "";
        this.state.purpose = String(subject?.purpose_id?.[0] || "");
        this.state.source = String(subject?.source_id?.[0] || "");
        this.loaded = this.all;
    }

    onChange() {
        this.dirty = true;
        this.state.saved = false;
        this.saveLater();
    }

    /** Also when this is gone from the page: nothing that was written is lost. */
    saveLater() {
        browser.clearTimeout(this.pause);
        this.pause = browser.setTimeout(() => this.save(), PAUSE);
    }

    /** One after the other: the second would not yet know the row that the first makes. */
    save() {
        browser.clearTimeout(this.pause);
        if (this.dirty) {
            this.dirty = false;
            this.saving = this.saving.catch(() => {}).then(() => this.write());
        }
        return this.saving;
    }

    /** The page goes, by a reload too: no answer can be waited for. */
    saveLast() {
        if (!this.dirty) {
            return;
        }
        const params = {
            model: "cc.call",
            method: "cc_save_note",
            args: [[this.callId], this.values],
            kwargs: { context: user.context },
        };
        const body = JSON.stringify({ jsonrpc: "2.0", method: "call", params });
        const blob = new Blob([body], { type: "application/json" });
        if (navigator.sendBeacon("/web/dataset/call_kw/cc.call/cc_save_note", blob)) {
            this.dirty = false;
            this.loaded = this.all;
        }
    }

    /** What was changed here: what others have chosen meanwhile is left alone. */
    get values() {
        const changed = Object.fromEntries(
            Object.entries(this.all).filter(([name, value]) => value !== this.loaded[name])
        );
        return "note" in changed ? { ...changed, seen: this.loaded.note } : changed;
    }

    get all() {
        return {
            note: this.state.note,
            purpose_id: Number(this.state.purpose) || false,
            source_id: Number(this.state.source) || false,
        };
    }

    async write() {
        const { values, all } = this;
        try {
            const note = await this.orm.call("cc.call", "cc_save_note", [[this.callId], values]);
            this.loaded = all;
            // What another tab of this agent wrote stands with it now, unless more is being written.
            if (this.state.note === all.note) {
                this.state.note = note;
                this.loaded = { ...all, note };
            }
            this.state.saved = !this.dirty;
            this.state.waits = false;
        } catch (error) {
            this.dirty = true;
            if (error instanceof ConnectionLostError) {
                this.state.waits = true;
                this.saveLater();
                return;
            }
            throw error;
        }
    }

    async onKeydown(ev) {
        if (ev.key !== "Enter" || ev.shiftKey || ev.isComposing) {
            return;
        }
        ev.preventDefault();
        await this.finish();
    }

    async finish() {
        browser.clearTimeout(this.pause);
        const isWrapUp = this.isWrapUp && !this.incomplete;
        // What is being saved already comes first, or it would come after what is newer.
        await this.saving.catch(() => {});
        const { dirty } = this;
        if (isWrapUp) {
            this.dirty = false;
            if (await this.phone.endWrapUp(dirty && this.values)) {
                return;
            }
            this.dirty = this.dirty || dirty;
        }
        await this.save();
    }
}
