// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import {
    Component,
    markup,
    onWillStart,
    onWillUnmount,
    onWillUpdateProps,
    useEffect,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { FlowPicture } from "../flow/flow_picture";
import { draftsOf, readDraft, sweepDrafts, writeDraft } from "./drafts";

const { DateTime } = luxon;

/** What each move is called on its button, and what it asks for. */
const MOVES = {
    start: { label: _t("Start"), primary: true },
    accept: { label: _t("Accept"), primary: true },
    submit: { label: _t("Submit"), primary: true, asks: true },
    feedback: { label: _t("Give feedback"), primary: true, asks: true, needs: true },
    visit: { label: _t("Return visit"), asks: true, needs: true },
    close: { label: _t("Close ticket"), primary: true, asks: true },
    resume: { label: _t("Go on"), primary: true },
    send_back: { label: _t("Send back"), asks: true, needs: true },
    pass_on: { label: _t("Pass on"), asks: true, department: true },
    assign: { label: _t("Give to"), asks: true, person: true },
    pause: { label: _t("Wait for the customer"), asks: true },
    extend: { label: _t("Ask for more time"), asks: true, needs: true, hours: true },
    copy: { label: _t("Copy to"), asks: true, people: true },
    urge: { label: _t("Urge"), asks: true },
    opinion: { label: _t("Give an opinion"), primary: true, asks: true, needs: true },
    add: { label: _t("Add"), asks: true, needs: true },
    merge: { label: _t("Merge into"), asks: true, ticket: true },
    reopen: { label: _t("Reopen as a sub-ticket"), asks: true },
};
const PRESENCE_S = 20;

/**
 * The walk of a ticket on its page: what may be done, where it is, who had it, what was said.
 * What is typed is kept until it is posted; a colleague who is faster is named.
 */
export class TicketDesk extends Component {
    static template = "cc_ticket.TicketDesk";
    static components = { FlowPicture };
    static props = { record: Object, readonly: { type: Boolean, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.tickets = useService("cc_tickets");
        this.state = useState({
            desk: null,
            kind: "",
            text: "",
            department: "",
            person: "",
            people: [],
            hours: "8",
            number: "",
            files: [],
            choices: null,
            busy: false,
            stale: "",
            others: [],
            history: false,
            kept: [],
        });
        this.resId = this.props.record.resId;
        sweepDrafts();
        useEffect(
            (kind) => (kind ? this.tickets.addWriter((text) => this.take(text)) : undefined),
            () => [this.state.kind]
        );
        onWillStart(() => this.load());
        onWillUpdateProps(async (props) => {
            if (
                props.record.resId !== this.resId ||
                props.record.data.cc_rev !== this.state.desk?.rev
            ) {
                if (props.record.resId !== this.resId) {
                    this.state.kind = "";
                    this.state.others = [];
                }
                this.resId = props.record.resId;
                await this.load();
            }
        });
        useBus(this.tickets.bus, "TODO", ({ detail }) => this.onChanged(detail));
        useBus(this.tickets.bus, "REFUSED", ({ detail }) => {
            if (detail.ticket_id === this.resId) {
                this.compare();
            }
        });
        useBus(this.tickets.bus, "PRESENCE", ({ detail }) => {
            if (detail.ticket_id === this.resId) {
                this.state.others = detail.people.filter(({ id }) => id !== user.userId);
            }
        });
        this.timer = browser.setInterval(() => this.beHere(), PRESENCE_S * 1000);
        this.beHere();
        onWillUnmount(() => {
            browser.clearInterval(this.timer);
            if (this.resId) {
                this.tickets.leave(this.resId);
            }
        });
    }

    async load() {
        this.state.stale = "";
        if (!this.resId) {
            this.state.desk = null;
            return;
        }
        this.state.desk = await this.orm.call("helpdesk.ticket", "cc_desk", [this.resId]);
        if (this.state.kind && !this.state.desk.moves.includes(this.state.kind)) {
            // somebody was faster: what was typed for it stays among what is not posted yet
            this.state.kind = "";
            this.state.text = "";
        }
        this.state.kept = draftsOf(this.resId).filter((kind) => kind !== this.state.kind);
    }

    async beHere() {
        if (this.resId && document.visibilityState !== "hidden") {
            const people = await this.tickets.beHere(this.resId);
            this.state.others = people.filter(({ id }) => id !== user.userId);
        }
    }

    /** Somebody moved a ticket: if it is this one, what stands here is no longer true. */
    async onChanged({ ticket_id, rev }) {
        if (ticket_id !== this.resId || this.state.busy || rev === this.state.desk?.rev) {
            return;
        }
        if (this.props.record.dirty || this.state.text) {
            this.setStale();
        } else {
            await this.reload();
        }
    }

    setStale() {
        this.state.stale = _t(
            "Somebody has changed this ticket. Reload it before you continue; what you typed stays."
        );
    }

    /** Something was refused: is what stands here no longer true? */
    async compare() {
        const desk = await this.orm.silent
            .call("helpdesk.ticket", "cc_desk", [this.resId])
            .catch(() => null);
        if (desk && desk.rev !== this.state.desk?.rev) {
            this.setStale();
        }
    }

    /** What the fields say now; what was typed into them and not saved stays typed. */
    async reload() {
        const { record } = this.props;
        const typed = (await record.isDirty()) ? this.typed(record) : {};
        await record.load();
        await this.load();
        if (Object.keys(typed).length) {
            await record.update(typed);
        }
    }

    typed(record) {
        const rows = ["one2many", "many2many"];
        return Object.fromEntries(
            Object.entries(record._changes).filter(
                ([name]) => record.fields[name] && !rows.includes(record.fields[name].type)
            )
        );
    }

    get isNew() {
        return !this.resId;
    }

    get moves() {
        return (this.state.desk?.moves || []).map((kind) => ({ kind, ...MOVES[kind] }));
    }

    get chosen() {
        return { kind: this.state.kind, ...MOVES[this.state.kind] };
    }

    get otherWords() {
        return _t("Also here: %(names)s", {
            names: this.state.others.map(({ name }) => name).join(", "),
        });
    }

    get history() {
        const rows = this.state.desk?.history || [];
        return rows.map((row) => ({
            ...row,
            when: this.when(row.t),
            html: markup(row.text),
        }));
    }

    when(t) {
        return t ? DateTime.fromMillis(t / 1000).toLocaleString(DateTime.DATETIME_SHORT) : "";
    }

    /** What is typed and not posted; where its move can't be done any more, it can be added. */
    get keptMoves() {
        const allowed = this.state.desk?.moves || [];
        return this.state.kept
            .map((kind) => ({
                kind,
                as: allowed.includes(kind) ? kind : "add",
                label: MOVES[kind].label,
            }))
            .filter((move) => allowed.includes(move.as));
    }

    async takeUp({ kind, as }) {
        const text = readDraft(this.resId, kind);
        await this.choose(as);
        if (as !== kind) {
            this.take(text);
            writeDraft(this.resId, kind, "");
            this.state.kept = this.state.kept.filter((other) => other !== kind);
        }
    }

    get isReady() {
        const { chosen: move, state } = this;
        return (
            (!move.needs || state.text.trim()) &&
            (!move.department || state.department) &&
            (!move.person || state.person) &&
            (!move.people || state.people.length) &&
            (!move.ticket || state.number.trim())
        );
    }

    async choose(kind) {
        const move = MOVES[kind];
        if (this.isNew || this.props.record.dirty) {
            if (!(await this.props.record.save())) {
                return;
            }
            this.resId = this.props.record.resId;
            await this.load();
        }
        if (!move.asks) {
            return this.send(kind);
        }
        if (kind === this.state.kind) {
            this.state.kind = "";
            return;
        }
        if ((move.department || move.person || move.people) && !this.state.choices) {
            this.state.choices = await this.orm.call("helpdesk.ticket", "cc_choices", []);
        }
        this.state.kind = kind;
        this.state.text = readDraft(this.resId, kind);
    }

    /** A ticket that isn't saved yet: kept, and started at once. */
    async startNew() {
        if (await this.props.record.save()) {
            this.resId = this.props.record.resId;
            await this.load();
            await this.send("start");
        }
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        writeDraft(this.resId, this.state.kind, this.state.text);
    }

    /** An article that is inserted comes behind what is there. */
    take(text) {
        this.state.text = this.state.text ? `${this.state.text}\n\n${text}` : text;
        writeDraft(this.resId, this.state.kind, this.state.text);
    }

    onFiles(ev) {
        this.state.files = [...ev.target.files];
    }

    get fileNames() {
        return this.state.files.map(({ name }) => name).join(", ");
    }

    /** @returns {Promise<number[]>} attachments of the chosen files, not yet on the ticket */
    async upload() {
        const rows = await Promise.all(
            this.state.files.map(async (file) => ({
                name: file.name,
                datas: (await getDataURLFromFile(file)).split(",")[1],
            }))
        );
        return rows.length ? this.orm.create("ir.attachment", rows) : [];
    }

    onPeople(ev) {
        this.state.people = [...ev.target.selectedOptions].map((option) => Number(option.value));
    }

    async send(kind = this.state.kind) {
        if (this.state.busy) {
            return;
        }
        const { state, resId } = this;
        state.busy = true;
        const values = {
            rev: state.desk.rev,
            text: MOVES[kind].asks ? state.text : "",
            department_id: Number(state.department) || false,
            user_id: Number(state.person) || false,
            user_ids: state.people,
            number: state.number,
            hours: Number(String(state.hours).replace(",", ".")) || 0,
        };
        if (!MOVES[kind].department) {
            delete values.department_id;
        }
        if (!MOVES[kind].person) {
            delete values.user_id;
        }
        try {
            values.attachment_ids = MOVES[kind].asks ? await this.upload() : [];
            const desk = await this.orm.call("helpdesk.ticket", "cc_move", [[resId], kind, values]);
            writeDraft(resId, kind, "");
            state.kept = draftsOf(resId);
            Object.assign(state, {
                kind: "",
                text: "",
                department: "",
                person: "",
                people: [],
                number: "",
                files: [],
            });
            if (!desk) {
                this.notification.add(_t("Passed on. You can no longer see this ticket."), {
                    type: "success",
                });
                return this.action.doAction("cc_ticket.helpdesk_ticket_action_todo", {
                    clearBreadcrumbs: true,
                });
            }
            state.desk = desk;
            await this.props.record.load();
        } catch (error) {
            await this.compare();
            throw error;
        } finally {
            state.busy = false;
        }
    }

    async decide(row, method) {
        await this.orm.call("cc.ticket.extension", method, [[row.id]]);
        await this.reload();
    }

    async callCustomer() {
        await this.orm.call("helpdesk.ticket", "action_cc_call_customer", [[this.resId]]);
    }

    async subTicket() {
        const action = await this.orm.call("helpdesk.ticket", "action_cc_sub_ticket", [
            [this.resId],
        ]);
        await this.action.doAction(action);
    }

    get isLive() {
        return ["open", "progress", "feedback", "visit"].includes(this.state.desk?.state);
    }
}

export const ticketDesk = {
    component: TicketDesk,
    fieldDependencies: [{ name: "cc_rev", type: "integer", readonly: true }],
};
registry.category("view_widgets").add("cc_ticket_desk", ticketDesk);
