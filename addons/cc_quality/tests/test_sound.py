# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import io

import numpy as np
import soundfile

from odoo.tests import BaseCase, TransactionCase, tagged

from ..utils.sound import measure
from .common import QualityCase

RATE = 8000


def voice(length_s, spans, seed):
    """Speech-like sound: noise of a voice's loudness in `spans` (seconds), a quiet line elsewhere."""
    random = np.random.default_rng(seed)
    sound = random.normal(0, 0.0005, int(length_s * RATE))
    for begin, end in spans:
        first, last = int(begin * RATE), int(end * RATE)
        time = np.arange(last - first) / RATE
        # syllables: four a second, never quite silent
        syllables = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)
        sound[first:last] += random.normal(0, 0.15, last - first) * syllables
    return sound


def recording(length_s, customer, agent, kind="WAV", subtype=None):
    """A file with the customer on the left and the agent on the right."""
    both = np.stack([voice(length_s, customer, 1), voice(length_s, agent, 2)], axis=1)
    file = io.BytesIO()
    soundfile.write(file, both.clip(-1, 1), RATE, format=kind, subtype=subtype)
    file.seek(0)
    return file


@tagged("standard", "at_install")
class TestSound(BaseCase):
    """QUA-14: speech of known length and overlap, measured."""

    def test_known_overlap(self):
        """60 s: customer 10–30, agent 2–9, 25–45: 5 s over each other, silence 0–2, 9–10, 45–60."""
        for kind in ("WAV", "MP3"):
            found = measure(recording(60, [(10, 30)], [(2, 9), (25, 45)], kind))
            self.assertAlmostEqual(found.length_s, 60, delta=0.2, msg=kind)
            self.assertAlmostEqual(found.customer_share, 100 * 20 / 60, delta=0.5, msg=kind)
            self.assertAlmostEqual(found.agent_share, 100 * 27 / 60, delta=0.5, msg=kind)
            self.assertAlmostEqual(found.overtalk, 100 * 5 / 60, delta=0.5, msg=kind)
            self.assertAlmostEqual(found.silence, 100 * 18 / 60, delta=0.5, msg=kind)
            self.assertAlmostEqual(found.longest_silence_s, 15, delta=0.2, msg=kind)
            self.assertAlmostEqual(found.first_word_s, 2, delta=0.15, msg=kind)

    def test_silence(self):
        """Nobody speaks: no share, no first word."""
        found = measure(recording(10, [], []))
        self.assertEqual((found.customer_share, found.agent_share), (0.0, 0.0))
        self.assertEqual((found.silence, found.first_word_s), (100.0, -1.0))

    def test_always_talking(self):
        """Somebody who never stops is no noise."""
        found = measure(recording(20, [(0, 20)], []))
        self.assertAlmostEqual(found.customer_share, 100, delta=0.5)

    def test_peaks(self):
        """A waveform a channel, of at most a thousand points; loud where there is speech."""
        found = measure(recording(60, [(30, 60)], []))
        self.assertEqual([len(peaks) for peaks in found.peaks], [1000, 1000])
        self.assertLess(max(found.peaks[0][:490]), 0.05)
        # the quietest syllable has a deviation of 0.03
        self.assertGreater(min(found.peaks[0][520:]), 0.06)

    def test_one_channel(self):
        """Of one channel only the waveform is known."""
        file = io.BytesIO()
        soundfile.write(file, voice(5, [(1, 3)], 1), RATE, format="WAV")
        file.seek(0)
        found = measure(file)
        self.assertEqual((found.channels, found.agent_share, len(found.peaks)), (1, 0.0, 1))


@tagged("post_install", "-at_install")
class TestMeasureJob(QualityCase, TransactionCase):
    """The job that measures what was stored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quality()

    def store(self, data):
        return self.env["cc.recording"]._store(
            self.call, 1, hashlib.sha256(data).hexdigest(), 10000, "mp3", data
        )

    def test_job(self):
        """A stored recording is measured once, in the background."""
        data = recording(10, [(5, 10)], [(1, 4)], "MP3").getvalue()
        row = self.store(data)
        jobs = self.env["queue.job"].search([("method_name", "=", "_cc_job_measure")])
        self.assertIn(row, [job.records for job in jobs])
        self.assertFalse(row.measure_ids)
        self.assertTrue(row.call_id.has_recording)
        row._cc_job_measure()
        row._cc_job_measure()
        self.assertEqual(len(row.measure_ids), 1)
        self.assertAlmostEqual(row.measure_ids.agent_share, 30, delta=1)
        labels = [one["label"] for one in row._cc_player_data()["measures"]]
        self.assertIn("Silence", labels)

    def test_broken(self):
        """What no decoder reads is said, and not tried for ever."""
        row = self.store(b"this is no sound")
        row._cc_job_measure()
        self.assertEqual(row.measure_ids.state, "failed")
        self.assertEqual(row._cc_player_data()["measures"], [])
