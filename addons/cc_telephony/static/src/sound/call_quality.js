// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

/** Loss robustness of a codec with concealment (ITU-T G.113, G.711 with PLC: 25.1). */
const LOSS_ROBUSTNESS = 25.1;
/** What coding and the jitter buffer's floor add to the way through the network, ms. */
const FIXED_DELAY = 40;
/** A microphone in a quiet room still gives more than this in a second (sum of squares × s). */
const SILENCE = 1e-9;

/**
 * @typedef {{received: number, lost: number, jitter: number, rtt: number|null, micEnergy: number|null,
 *  at: number}} Reading
 *  packets, packets, ms, ms, energy, ms
 *
 * @param {Iterable<object>} stats values of an `RTCStatsReport`
 * @param {number} at when it was read, ms
 * @returns {Reading} sums so far over the audio of a call
 */
export function readStats(stats, at) {
    const reading = { received: 0, lost: 0, jitter: 0, rtt: null, micEnergy: null, at };
    for (const stat of stats) {
        if (stat.kind && stat.kind !== "audio") {
            continue;
        }
        if (stat.type === "inbound-rtp") {
            reading.received += stat.packetsReceived || 0;
            reading.lost += Math.max(0, stat.packetsLost || 0);
            reading.jitter = Math.max(reading.jitter, (stat.jitter || 0) * 1000);
        } else if (stat.type === "remote-inbound-rtp" && stat.roundTripTime !== undefined) {
            reading.rtt = Math.max(reading.rtt || 0, stat.roundTripTime * 1000);
        } else if (stat.type === "media-source" && stat.totalAudioEnergy !== undefined) {
            reading.micEnergy = (reading.micEnergy || 0) + stat.totalAudioEnergy;
        }
    }
    return reading;
}

/**
 * Mean opinion score after the E-model (ITU-T G.107, the simplified form for voice over IP).
 *
 * @param {{rtt: number, jitter: number, loss: number}} line ms, ms, share of packets 0..1
 * @returns {number} 1 (nobody understands) to 4.4 (as good as a telephone gets)
 */
export function opinionScore({ rtt, jitter, loss }) {
    const delay = rtt / 2 + 2 * jitter + FIXED_DELAY;
    const late = delay > 177.3 ? 0.11 * (delay - 177.3) : 0;
    const percent = 100 * loss;
    const rating = 93.2 - 0.024 * delay - late - (95 * percent) / (percent + LOSS_ROBUSTNESS);
    if (rating <= 0) {
        return 1;
    }
    return 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating);
}

/**
 * How a call sounded between two readings.
 *
 * @param {Reading} before
 * @param {Reading} now
 * @returns {{level: "good"|"fair"|"poor"|"none", score: number, rtt: number|null, jitter: number,
 *  loss: number, micSilent: boolean}} level `none`: nothing arrived
 */
export function qualityBetween(before, now) {
    const received = Math.max(0, now.received - before.received);
    const lost = Math.max(0, now.lost - before.lost);
    const loss = received + lost ? lost / (received + lost) : 0;
    const score = opinionScore({ rtt: now.rtt || 0, jitter: now.jitter, loss });
    let level = score >= 4 ? "good" : score >= 3.6 ? "fair" : "poor";
    if (!received) {
        level = "none";
    }
    const micSilent =
        now.micEnergy !== null &&
        before.micEnergy !== null &&
        now.micEnergy - before.micEnergy < SILENCE;
    return {
        level,
        score: Math.round(score * 10) / 10,
        rtt: now.rtt === null ? null : Math.round(now.rtt),
        jitter: Math.round(now.jitter),
        loss,
        micSilent,
    };
}
