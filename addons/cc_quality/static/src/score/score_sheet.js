// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { WavePlayer } from "../player/wave_player";

/** @returns {number|null} the number typed; null for nothing or what is none */
export function pointsOf(text) {
    const cleaned = String(text).trim().replace(",", ".");
    const value = Number(cleaned);
    return cleaned === "" || !Number.isFinite(value) ? null : value;
}

/**
 * What a sheet comes to so far, by the same rule as the server, which decides.
 *
 * @param {object[]} rows
 * @param {{na_rule: string, fatal_rule: string}} rules
 * @returns {{percent: number|null, raw: number|null, isFatal: boolean, missing: number}}
 */
export function resultOf(rows, rules) {
    let given = 0;
    let possible = 0;
    let isFatal = false;
    let missing = 0;
    let applies = false;
    for (const row of rows) {
        let points = row.points ?? 0;
        if (row.na) {
            if (rules.na_rule === "removed" || row.bonus) {
                continue;
            }
            points = rules.na_rule === "pass" ? row.maximum : 0;
        } else if (!row.scored) {
            missing += row.bonus ? 0 : 1;
            continue;
        } else {
            applies = applies || !row.bonus;
            isFatal = isFatal || Boolean(row.fatal && points <= 0);
        }
        given += points * row.weight;
        possible += row.bonus ? 0 : row.maximum * row.weight;
    }
    if (!applies || !possible) {
        return { percent: null, raw: null, isFatal: false, missing };
    }
    const raw = Math.min(100, (100 * given) / possible);
    return { percent: isFatal && rules.fatal_rule === "zero" ? 0 : raw, raw, isFatal, missing };
}

/** Score one call: listen, give points by keyboard or mouse, comment, save, next. */
export class ScoreSheet extends Component {
    static template = "cc_quality.ScoreSheet";
    static components = { WavePlayer };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.state = useState({ sheet: null, current: 0, isDirty: false, isSaving: false });
        this.players = new Map();
        onWillStart(() => this.load(this.sheetId));
        useExternalListener(window, "keydown", (ev) => this.onKey(ev), { capture: true });
    }

    get sheetId() {
        const { params, context, resId } = this.props.action;
        return params?.sheet_id || context?.active_id || resId;
    }

    get sheet() {
        return this.state.sheet;
    }

    get canScore() {
        return this.sheet.can_score;
    }

    get result() {
        return resultOf(this.sheet.rows, this.sheet);
    }

    get resultText() {
        if (!this.canScore) {
            return this.sheet.result || "";
        }
        const { percent, isFatal } = this.result;
        if (percent === null) {
            return "–";
        }
        const text = `${percent.toFixed(1)} %`;
        return isFatal ? _t("%(result)s (fatal)", { result: text }) : text;
    }

    get naText() {
        return {
            removed: _t("“Not applicable” is left out of the sum."),
            pass: _t("“Not applicable” counts as full points."),
            zero: _t("“Not applicable” counts as zero."),
        }[this.sheet.na_rule];
    }

    get items() {
        const items = [];
        this.sheet.rows.forEach((row, index) => {
            if (!items.length || items.at(-1).name !== row.item) {
                items.push({ name: row.item, rows: [] });
            }
            items.at(-1).rows.push({ row, index });
        });
        return items;
    }

    commentLabel(row) {
        return _t("Comment on “%(name)s”", { name: row.name });
    }

    marksOf(recording) {
        return this.sheet.marks.filter((mark) => mark.recording === recording.id);
    }

    async load(id) {
        const sheet = await this.orm.call("cc.quality.sheet", "score_data", [[id]]);
        this._take(sheet);
        this.state.current = Math.max(
            0,
            sheet.rows.findIndex((row) => !row.scored)
        );
    }

    _take(sheet) {
        for (const row of sheet.rows) {
            row.points = row.scored && !row.na ? row.points : null;
        }
        this.state.sheet = sheet;
        this.state.isDirty = false;
    }

    choose(index) {
        this.state.current = index;
    }

    setPoints(row, text) {
        const value = pointsOf(text);
        row.points = value === null ? null : Math.max(0, Math.min(value, row.maximum));
        row.scored = row.points !== null;
        row.na = false;
        this.state.isDirty = true;
    }

    toggleNa(row) {
        if (!this.canScore || !row.na_allowed) {
            return;
        }
        row.na = !row.na;
        row.points = null;
        row.scored = row.na;
        this.state.isDirty = true;
    }

    setComment(row, text) {
        row.comment = text;
        this.state.isDirty = true;
    }

    async save(finish) {
        if (this.state.isSaving || !this.canScore) {
            return false;
        }
        this.state.isSaving = true;
        try {
            const rows = this.sheet.rows.map((row) => ({
                id: row.id,
                points: row.scored && !row.na ? row.points : null,
                na: row.na,
                comment: row.comment,
            }));
            const sheet = await this.orm.call("cc.quality.sheet", "save_scores", [
                [this.sheet.id],
                rows,
                this.sheet.comment,
                finish,
            ]);
            this._take(sheet);
            this.notification.add(
                finish ? _t("Scored: %(result)s", { result: sheet.result }) : _t("Saved"),
                {
                    type: "success",
                }
            );
            return true;
        } finally {
            this.state.isSaving = false;
        }
    }

    async finish() {
        return this.save(true);
    }

    async finishAndNext() {
        if (await this.save(true)) {
            await this.next();
        }
    }

    async next() {
        if (this.state.isDirty && this.canScore) {
            await this.save(false);
        }
        const id = await this.orm.call("cc.quality.sheet", "next_sheet", [], {
            after: this.sheet.id,
        });
        if (!id) {
            this.notification.add(_t("Nothing more to inspect."), { type: "info" });
            this.action.doAction("cc_quality.cc_quality_sheet_action_mine", {
                clearBreadcrumbs: true,
            });
            return;
        }
        this.players.clear();
        this.state.sheet = null;
        await this.load(id);
    }

    async mark(recordingId, at) {
        const id = await this.orm.call("cc.quality.sheet", "add_mark", [
            [this.sheet.id],
            recordingId,
            at,
            this.sheet.rows[this.state.current]?.name || "",
        ]);
        this.sheet.marks.push({
            id,
            recording: recordingId,
            at_s: at,
            text: this.sheet.rows[this.state.current]?.name || "",
        });
    }

    async removeMark(id) {
        await this.orm.call("cc.quality.sheet", "remove_mark", [[this.sheet.id], id]);
        this.sheet.marks = this.sheet.marks.filter((mark) => mark.id !== id);
    }

    cannotScore() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("This call cannot be scored"),
            body: _t(
                "The recording is missing or unintelligible. The call is removed from your list without a score."
            ),
            confirmLabel: _t("Leave it out"),
            confirm: async () => {
                const reason = this.sheet.comment || _t("No recording");
                await this.orm.call("cc.quality.sheet", "cannot_score", [[this.sheet.id], reason]);
                this.state.isDirty = false;
                await this.next();
            },
            cancel: () => {},
        });
    }

    get player() {
        return this.players.values().next().value;
    }

    /** Keys of the sheet; within a text only those with Ctrl. */
    onKey(ev) {
        if (!this.sheet || ev.defaultPrevented || !this.root.el?.isConnected) {
            return;
        }
        if (document.querySelector(".modal.show, .o_dialog")) {
            return;
        }
        if (ev.ctrlKey && ev.key === "Enter") {
            ev.preventDefault();
            this.finishAndNext();
            return;
        }
        if (ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        const { target } = ev;
        const isText =
            target.closest?.("textarea, select, [contenteditable]") ||
            (target.tagName === "INPUT" && !target.classList.contains("o_cc_quality_input"));
        if (isText) {
            return;
        }
        const isPoints = target.classList?.contains("o_cc_quality_input");
        const run = {
            ArrowDown: () => this._move(1),
            ArrowUp: () => this._move(-1),
            Enter: () => this._move(1),
            n: () => this.toggleNa(this.sheet.rows[this.state.current]),
            m: () => this.canScore && this.player?.mark(),
            " ": () => this.player?.toggle(),
            "[": () => this.player?.faster(-1),
            "]": () => this.player?.faster(1),
            ...(isPoints
                ? {}
                : {
                      ArrowLeft: () => this.player?.skip(-5),
                      ArrowRight: () => this.player?.skip(5),
                  }),
        }[ev.key.length === 1 ? ev.key.toLowerCase() : ev.key];
        if (run && !(ev.key === "Enter" && target.tagName === "BUTTON")) {
            if (ev.key === " " && target.tagName === "BUTTON") {
                return;
            }
            ev.preventDefault();
            ev.stopPropagation();
            run();
        } else if (!isPoints && /^[0-9]$/.test(ev.key) && this.canScore) {
            ev.preventDefault();
            this._type(ev.key);
        }
    }

    _move(step) {
        const last = this.sheet.rows.length - 1;
        this.state.current = Math.max(0, Math.min(last, this.state.current + step));
        const input = this._input(this.state.current);
        input?.focus();
        input?.select();
    }

    /** A digit typed anywhere goes into the current row. */
    _type(digit) {
        const input = this._input(this.state.current);
        if (input) {
            input.focus();
            input.value = digit;
            input.dispatchEvent(new Event("input", { bubbles: true }));
        }
    }

    _input(index) {
        return this.root.el.querySelector(`.o_cc_quality_input[data-index="${index}"]`);
    }

    onPlayer(recording, player) {
        this.players.set(recording.id, player);
    }
}

registry.category("actions").add("cc_quality.score", ScoreSheet);
