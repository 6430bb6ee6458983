// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { SoundPlayer, formatTime } from "./sound_player";
import { _t } from "@web/core/l10n/translation";

/** Plays one recording in a row of controls; in a narrow place only the first press opens them. */
export class RecordingPlayer extends SoundPlayer {
    static template = "cc_telephony.RecordingPlayer";
    static props = {
        url: String,
        /** length in seconds as the PBX told it, until the file itself is known */
        duration: { type: Number, optional: true },
        channels: { type: Number, optional: true },
        compact: { type: Boolean, optional: true },
        part: { type: Number, optional: true },
        /** of what else than the call, e.g. "Consultation with Ben" */
        title: { type: String, optional: true },
        consult: { type: Boolean, optional: true },
    };

    setup() {
        super.setup();
        this.state.isOpen = !this.props.compact;
    }

    get label() {
        if (this.state.isPlaying) {
            return _t("Pause");
        }
        const { title } = this.props;
        return title ? _t("Play the recording: %(title)s", { title }) : _t("Play the recording");
    }

    get channelsText() {
        return this.props.consult
            ? _t("Agent left · consulted party right")
            : _t("Customer left · agent right");
    }

    get channelsTitle() {
        return this.props.consult
            ? _t("Two channels: agent on the left, consulted party on the right")
            : _t("Two channels: customer on the left, agent on the right");
    }

    get seekText() {
        return _t("%(now)s of %(whole)s", {
            now: formatTime(this.state.time),
            whole: formatTime(this.state.duration),
        });
    }

    _begin(audio) {
        this.state.isOpen = true;
        super._begin(audio);
    }

    /** Space and the arrows: the range input knows arrows itself, by its step. */
    onKey(ev) {
        if (ev.key === " " || ev.key === "k") {
            ev.preventDefault();
            ev.stopPropagation();
            this.toggle();
        }
    }

    onEnded() {
        super.onEnded();
        // Played again, it is another listening.
        this.state.src = "";
        this.state.time = 0;
    }
}
