// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

/**
 * What lies beside the calls: the last calls, who can be brought in, announcements. Each is asked for
 * when somebody looks; only the two counts in the bar are kept up by themselves.
 */
export class PhoneLists {
    constructor(orm) {
        this.orm = orm;
        this.recent = [];
        /** calls missed since they were last looked at */
        this.missed = 0;
        this.announcements = [];
        this.unread = 0;
    }

    async loadRecent() {
        const { calls, missed } = await this.orm.call("cc.agent", "recent_calls", []);
        this.recent = calls;
        this.missed = missed;
    }

    /** The missed calls were looked at. */
    async seenRecent() {
        if (this.missed) {
            this.missed = 0;
            await this.orm.call("cc.agent", "recent_seen", []);
        }
    }

    async loadAnnouncements() {
        this.announcements = await this.orm.call("cc.agent", "announcements", []);
        this.unread = this.announcements.filter(({ read }) => !read).length;
    }

    /** Opening is reading. */
    async readAnnouncements() {
        const ids = this.announcements.filter(({ read }) => !read).map(({ id }) => id);
        if (ids.length) {
            this.unread = 0;
            await this.orm.call("cc.agent", "announcement_read", [ids]);
        }
    }

    /**
     * @param {string} search as it is typed
     * @param {string|false} callUid the call into which somebody is to be brought
     */
    targets(search, callUid) {
        return this.orm.call("cc.agent", "transfer_targets", [search, callUid]);
    }
}
