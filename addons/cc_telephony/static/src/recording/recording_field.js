// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { RecordingPlayer } from "./recording_player";

/** The player on a recording's own page and list; on the field `audio_url`. */
export class RecordingField extends Component {
    static template = "cc_telephony.RecordingField";
    static components = { RecordingPlayer };
    static props = { ...standardFieldProps, compact: { type: Boolean, optional: true } };

    get url() {
        return this.props.record.data[this.props.name];
    }

    get playerProps() {
        const { duration_s, channels, kind } = this.props.record.data;
        return {
            url: this.url,
            duration: duration_s,
            channels,
            consult: kind === "consult",
            compact: this.props.compact,
        };
    }
}

/** The players of a call's recordings; on its one2many field. */
export class RecordingsField extends Component {
    static template = "cc_telephony.RecordingsField";
    static components = { RecordingPlayer };
    static props = { ...standardFieldProps, compact: { type: Boolean, optional: true } };

    /** In the order of the parts: the call's own first. */
    get recordings() {
        const { records } = this.props.record.data[this.props.name];
        const parts = records.map(({ resId, data }) => ({
            id: resId,
            url: data.audio_url || false,
            duration: data.duration_s,
            channels: data.channels,
            part: data.part,
            consult: data.kind === "consult",
            title: (data.kind === "consult" && data.title) || "",
        }));
        return parts.sort((one, other) => one.part - other.part);
    }
}

const extractProps = ({ viewType }) => ({ compact: viewType === "list" });

registry.category("fields").add("cc_recording", {
    component: RecordingField,
    displayName: _t("Recording"),
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "duration_s", type: "float" },
        { name: "channels", type: "integer" },
        { name: "kind", type: "selection", selection: [] },
    ],
    extractProps,
});

registry.category("fields").add("cc_recordings", {
    component: RecordingsField,
    displayName: _t("Recordings"),
    supportedTypes: ["one2many"],
    useSubView: false,
    relatedFields: [
        { name: "audio_url", type: "char" },
        { name: "duration_s", type: "float" },
        { name: "channels", type: "integer" },
        { name: "part", type: "integer" },
        { name: "kind", type: "selection", selection: [] },
        { name: "title", type: "char" },
    ],
    extractProps,
});
