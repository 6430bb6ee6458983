// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const WIDTH = 184;
const HEIGHT = 74;
const GAP_X = 112;
const GAP_Y = 26;
const PAD = 8;
const TEXT = 24;

/** @param {number} seconds of working time @returns {string} as people say it */
export function workWords(seconds) {
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) {
        return _t("%(minutes)s min", { minutes });
    }
    return _t("%(hours)s h", { hours: (minutes / 60).toFixed(minutes < 600 ? 1 : 0) });
}

function cut(text, length = TEXT) {
    const points = [...(text || "")];
    // a Chinese sign is as wide as two others
    let width = 0;
    const kept = [];
    for (const point of points) {
        width += point.codePointAt(0) > 0x2e80 ? 1.8 : 1;
        if (width > length) {
            return `${kept.join("")}…`;
        }
        kept.push(point);
    }
    return kept.join("");
}

/**
 * A flow: boxes from left to right, arrows between them; on a ticket, where it is, who had it, how long.
 */
export class FlowPicture extends Component {
    static template = "cc_ticket.FlowPicture";
    static props = { flow: Object };

    get boxes() {
        return this.props.flow.steps.map((step) => {
            const turns = step.turns || [];
            const last = turns[turns.length - 1];
            const seconds = turns.reduce((sum, turn) => sum + turn.work_s, 0);
            const late = turns.some((turn) => turn.late);
            const who = (last && last.who) || step.who;
            const below = turns.length
                ? turns.length > 1
                    ? _t("%(time)s in %(count)s turns", {
                          time: workWords(seconds),
                          count: turns.length,
                      })
                    : workWords(seconds)
                : step.hours
                  ? _t("within %(hours)s h", { hours: step.hours })
                  : "";
            return {
                ...step,
                x: PAD + step.level * (WIDTH + GAP_X),
                y: PAD + step.row * (HEIGHT + GAP_Y),
                who: cut(who, 26),
                title: cut(step.name, 20),
                below,
                late,
                state: step.state || "plain",
                full: turns.map((turn) => `${turn.who}: ${workWords(turn.work_s)}`).join("\n"),
            };
        });
    }

    get ends() {
        return this.props.flow.links.some((link) => !link.to) ||
            this.props.flow.steps.some(
                (step) => !this.props.flow.links.some((link) => link.from === step.key)
            )
            ? [{ x: this.endX, y: PAD + HEIGHT / 2 }]
            : [];
    }

    get endX() {
        const most = Math.max(0, ...this.props.flow.steps.map((step) => step.level));
        return PAD + (most + 1) * (WIDTH + GAP_X);
    }

    get arrows() {
        const boxes = Object.fromEntries(this.boxes.map((box) => [box.key, box]));
        const links = [...this.props.flow.links];
        for (const box of this.boxes) {
            if (!links.some((link) => link.from === box.key)) {
                links.push({ from: box.key, to: "", label: "" });
            }
        }
        return links
            .filter((link) => boxes[link.from] && (!link.to || boxes[link.to]))
            .map((link, index) => {
                const from = boxes[link.from];
                const to = link.to ? boxes[link.to] : null;
                const x1 = from.x + WIDTH;
                const y1 = from.y + HEIGHT / 2;
                const x2 = to ? to.x : this.endX;
                const y2 = to ? to.y + HEIGHT / 2 : PAD + HEIGHT / 2;
                const mid = x1 + GAP_X / 2;
                // what jumps over a column goes below the boxes
                const far = x2 - x1 > GAP_X + 1;
                const low = far ? Math.max(y1, y2) + HEIGHT / 2 + GAP_Y / 2 : 0;
                const path = far
                    ? `M${x1},${y1} C${mid},${y1} ${mid},${low} ${mid + 20},${low} L${x2 - GAP_X / 2 - 20},${low} C${x2 - GAP_X / 2},${low} ${x2 - GAP_X / 2},${y2} ${x2 - 2},${y2}`
                    : `M${x1},${y1} C${mid},${y1} ${mid},${y2} ${x2 - 2},${y2}`;
                return {
                    key: index,
                    path,
                    far,
                    label: cut(link.label, 18),
                    x: far ? (x1 + x2) / 2 : mid,
                    // on the line below the boxes: above it, a box would cover half of the text
                    y: far ? low + 4 : (y1 + y2) / 2 - 5,
                };
            });
    }

    get size() {
        const rows = Math.max(0, ...this.props.flow.steps.map((step) => step.row)) + 1;
        return {
            width: this.endX + 40,
            height: PAD * 2 + rows * HEIGHT + (rows - 1) * GAP_Y + (this.hasFar ? GAP_Y : 0),
        };
    }

    get hasFar() {
        return this.arrows.some((arrow) => arrow.far);
    }

    get closed() {
        return Boolean(this.props.flow.closed);
    }

    get boxWidth() {
        return WIDTH;
    }

    get boxHeight() {
        return HEIGHT;
    }

    get words() {
        return this.props.flow.steps
            .map((step, index) => {
                const state = { now: _t("now"), done: _t("done") }[step.state];
                return `${index + 1}. ${step.name} (${step.who})${state ? `: ${state}` : ""}`;
            })
            .join("; ");
    }
}

export class FlowField extends Component {
    static template = "cc_ticket.FlowField";
    static components = { FlowPicture };
    static props = { ...standardFieldProps };

    get flow() {
        const value = this.props.record.data[this.props.name];
        return value && value.steps && value.steps.length ? value : null;
    }
}

registry.category("fields").add("cc_flow", {
    component: FlowField,
    supportedTypes: ["json", "jsonb"],
});
