# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from odoo.tests import BaseCase, TransactionCase, tagged

from ..utils import transcripts
from ..utils.transcripts import Engine, EngineFailed, find, lines
from .common import QualityCase
from .test_sound import recording

FAKE = """
import json, sys
path, language, model = sys.argv[1:4]
open(path, "rb").read(1)
say = lambda channel, start, *texts: [
    {"channel": channel, "start": start + n * 0.5, "end": start + n * 0.5 + 0.4, "text": text}
    for n, text in enumerate(texts)]
json.dump({"words": say(1, 3.0, "you", "are", "an", "idiot")
           + say(0, 1.0, "good", "morning") + say(1, 9.0, "thank", "you")}, sys.stdout)
"""


def word(channel, start, text):
    return {"channel": channel, "start": start, "end": start + 0.3, "text": text}


@tagged("standard", "at_install")
class TestTranscriptWords(BaseCase):
    """Lines and words in what an engine heard; programs that go wrong."""

    def test_lines(self):
        """A pause or the other side begins a line; Chinese has no spaces."""
        words = [
            word(0, 0.0, "good"),
            word(0, 0.5, "morning"),
            word(0, 5.0, "hello"),
            word(1, 5.2, "您"),
            word(1, 5.4, "好"),
        ]
        self.assertEqual(
            [(one["channel"], one["start"], one["text"]) for one in lines(words)],
            [(0, 0.0, "good morning"), (0, 5.0, "hello"), (1, 5.2, "您好")],
        )

    def test_find(self):
        """Whole words, phrases over words, Chinese over characters, each with time and side."""
        words = [
            word(1, 1.0, "Thank"),
            word(0, 1.2, "no"),
            word(1, 1.5, "you"),
            word(1, 4.0, "thankful"),
            word(0, 6.0, "投"),
            word(0, 6.3, "诉"),
        ]
        self.assertEqual(find(words, "thank you"), [(1.0, 1)])
        self.assertEqual(find(words, "thank"), [(1.0, 1)])
        self.assertEqual(find(words, "投诉"), [(6.0, 0)])
        self.assertEqual(find(words, "诉"), [(6.3, 0)])
        self.assertEqual(find(words, "goodbye"), [])
        # simplified and traditional find each other
        self.assertEqual(find([word(1, 1.0, "退"), word(1, 1.3, "費")], "退费"), [(1.0, 1)])

    def engine(self, program):
        return Engine("test", (sys.executable, "-c", program))

    def test_bad_engines(self):
        """Each way of going wrong is one error with a reason."""
        for program, text in (
            ("import sys; print('no model', file=sys.stderr); sys.exit(3)", "no model"),
            ("import sys; sys.exit(2)", "ended with 2"),
            ("print('hello')", "no list of words"),
            ("print('{}')", "no list of words"),
            (
                'print(\'{"words": [{"channel": 0, "start": NaN, "end": 1, "text": "x"}]}\')',
                "no list of words",
            ),
        ):
            with self.assertRaisesRegex(EngineFailed, text):
                transcripts.run(self.engine(program), "x", "en", "", 1)
        with self.assertRaises(EngineFailed):
            transcripts.run(Engine("gone", ("/nonexistent/engine",)), "x", "en", "", 1)

    def test_real_speech(self):
        """English speech, two sides, through pocketsphinx in its own process: who said what, and when."""
        engine = transcripts.own_engine("pocketsphinx", "pocketsphinx_engine.py")
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder) / "said.wav"
            text = "I want my money back, please"
            subprocess.run(
                ["espeak-ng", "-v", "en-gb", "-s", "120", "-w", said, text], check=True, timeout=60
            )
            customer, rate = soundfile.read(said, dtype="float32")
            # the customer from the third second on, the agent silent
            both = np.zeros((len(customer) + 4 * rate, 2), dtype="float32")
            both[3 * rate : 3 * rate + len(customer), 0] = customer
            path = Path(folder) / "call.wav"
            soundfile.write(path, both, rate)
            words = transcripts.run(engine, str(path), "en", "", len(both) / rate)
        self.assertEqual({one["channel"] for one in words}, {0})
        [(at, channel)] = find(words, "money")
        self.assertEqual(channel, 0)
        self.assertTrue(3 < at < 3 + len(customer) / rate, at)
        self.assertTrue(find(words, "I want my"))

    def test_sherpa(self):
        """sherpa-onnx itself, with a model of two words that are tones: Chinese, by side and time."""
        engine = transcripts.own_engine("sherpa-onnx", "sherpa_engine.py")
        rate = 8000
        both = np.random.default_rng(1).normal(0, 0.0005, (7 * rate, 2)).astype("float32")
        for channel, tone, begin, end in (
            (1, 500, 2.0, 2.6),
            (1, 2800, 2.6, 3.2),
            (0, 2800, 5.0, 5.5),
        ):
            at = np.arange(int(begin * rate), int(end * rate))
            both[at, channel] += 0.3 * np.sin(2 * np.pi * tone * at / rate)
        model = Path(__file__).parent / "data" / "tones"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "call.wav"
            soundfile.write(path, both, rate)
            words = transcripts.run(engine, str(path), "zh", str(model), 7)
            # a folder in which a part of the model is missing
            (Path(folder) / "tokens.txt").write_text("a 0")
            with self.assertRaisesRegex(EngineFailed, "model"):
                transcripts.run(engine, str(path), "zh", folder, 7)
        heard = [(one["channel"], one["text"], one["start"]) for one in words]
        for (channel, text, start), expected in zip(
            heard, [(1, "退", 2.0), (1, "款", 2.6), (0, "款", 5.0)], strict=True
        ):
            self.assertEqual((channel, text), expected[:2])
            self.assertAlmostEqual(start, expected[2], delta=0.15)
        self.assertEqual([line["text"] for line in lines(words)], ["退款", "款"])
        [(at, channel)] = find(words, "退款")
        self.assertEqual((round(at), channel), (2, 1))

    def test_too_slow(self):
        """An engine that hangs is ended."""
        self.patch(transcripts, "SHORTEST_S", 1)
        with self.assertRaisesRegex(EngineFailed, "too long"):
            transcripts.run(self.engine("import time; time.sleep(60)"), "x", "en", "", 0)

    def test_pocketsphinx(self):
        """The engine that installs runs out of process; what it hears has times within the speech."""
        engine = transcripts.own_engine("pocketsphinx", "pocketsphinx_engine.py")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.wav"
            path.write_bytes(recording(6, [], [(2, 4)]).getvalue())
            for found in transcripts.run(engine, str(path), "en", "", 6):
                self.assertEqual(found["channel"], 1)
                self.assertTrue(1.5 <= found["start"] <= found["end"] <= 4.5, found)
            with self.assertRaisesRegex(EngineFailed, "English only"):
                transcripts.run(engine, str(path), "zh", "", 6)
            sherpa = transcripts.own_engine("sherpa-onnx", "sherpa_engine.py")
            with self.assertRaisesRegex(EngineFailed, "folder"):
                transcripts.run(sherpa, str(path), "zh", f"{folder}/none", 6)


@tagged("post_install", "-at_install")
class TestTranscript(QualityCase, TransactionCase):
    """Transcripts as a plug-in (QUA-15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quality()
        cls.words = cls.env["cc.transcript.word"].create(
            [
                {"name": "idiot", "kind": "forbidden"},
                {"name": "thank you", "kind": "required"},
                {"name": "your name", "kind": "required"},
                {"name": "morning", "kind": "forbidden", "side": "agent"},
            ]
        )

    def switch_on(self, program=FAKE):
        engines = self.env["cc.transcript"]._cc_engines()
        fake = {**engines, "fake": Engine("fake", (sys.executable, "-c", program))}
        self.patch(type(self.env["cc.transcript"]), "_cc_engines", lambda _model: fake)
        self.env["ir.config_parameter"].set_param("cc_quality.transcript_engine", "fake")

    def transcribed(self):
        row = self.record(self.call, data=recording(10, [(1, 2)], [(3, 5)], "MP3").getvalue())
        row.with_context(queue_job__no_delay=True)._cc_job_measure()
        return row

    def test_off(self):
        """Off by default: no job, no transcript."""
        row = self.transcribed()
        self.assertFalse(row.transcript_ids)
        self.env["ir.config_parameter"].set_param("cc_quality.transcript_engine", "no such engine")
        row._cc_job_transcribe()
        self.assertFalse(row.transcript_ids)

    def test_words(self):
        """What was said, by whom; forbidden and required words marked in time; searchable."""
        self.switch_on()
        row = self.transcribed()
        transcript = row.transcript_ids
        self.assertEqual(transcript.text, "good morning\nyou are an idiot\nthank you")
        hits = [(hit.word_id.name, hit.at_s, hit.channel) for hit in transcript.hit_ids]
        # the customer may say "morning"
        self.assertEqual(hits, [("idiot", 4.5, 1), ("thank you", 9.0, 1)])
        self.assertEqual((transcript.forbidden_count, transcript.missing), (1, "your name"))
        data = row._cc_player_data()
        self.assertEqual(
            [(one["text"], one["at_s"], one["required"]) for one in data["words"]],
            [("idiot", 4.5, False), ("thank you", 9.0, True)],
        )
        self.assertEqual(data["missing"], "your name")
        self.assertEqual(len(data["lines"]), 3)
        search = self.env["cc.transcript"]
        for words, found in (("an idiot", True), ("IDIOTS", True), ("idi", True), ("angel", False)):
            self.assertEqual(bool(search.search([("said", "ilike", words)])), found, words)
        # once more changes nothing; a new word is found when asked for
        row._cc_job_transcribe()
        self.assertEqual(row.transcript_ids, transcript)
        self.words[3].side = "both"
        transcript.with_user(self.max_user).action_find_words()
        self.assertEqual(transcript.forbidden_count, 2)

    def test_failed(self):
        """An engine that fails leaves a reason, and the score sheet works on."""
        self.switch_on("import sys; sys.exit('out of memory')")
        row = self.transcribed()
        self.assertEqual(
            (row.transcript_ids.state, row.transcript_ids.problem), ("failed", "out of memory")
        )
        self.assertEqual(row._cc_player_data()["lines"], [])

    def test_who_reads(self):
        """Leaders of the department and managers; nobody else, but the inspector on the sheet."""
        self.switch_on()
        row = self.transcribed()
        transcripts_ = self.env["cc.transcript"]
        for user, seen in (
            (self.lea.user_id, True),
            (self.max_user, True),
            (self.lin.user_id, False),
        ):
            found = transcripts_.with_user(user).search([("recording_id", "=", row.id)])
            self.assertEqual(bool(found), seen, user.login)
        for user in (self.ann.user_id, self.ivy):
            self.assertFalse(transcripts_.with_user(user).has_access("read"))

    def test_gone(self):
        """Erased with the recording."""
        self.switch_on()
        row = self.transcribed()
        transcript, measure = row.transcript_ids, row.measure_ids
        row.unlink()
        self.assertFalse(
            transcript.exists()
            | self.env["cc.transcript.hit"]
            .search([("transcript_id", "=", transcript.id)])
            .transcript_id
        )
        self.assertFalse(measure.exists())
