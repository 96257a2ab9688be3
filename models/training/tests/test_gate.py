"""The gate learns what tells the taken from the rest, and means by its weights what the product does."""
import json
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import places  # noqa: F401

import numpy as np

import gate
from errors import InputError


def case(folder, probability, lowest, text, kind, taken):
    result = {"shown": True, "probability": probability, "lowestProbability": lowest, "prediction": text, "kind": kind, "scores": {"exactMatch": taken}}
    return json.dumps({"configuration": "full", "folder": folder, "result": result})


def cases():
    rng = np.random.default_rng(5)
    lines = []
    for i in range(300):
        probability = float(rng.uniform(0.1, 0.99))
        taken = bool(rng.uniform() < probability**2)
        lines.append(case("abc"[i % 3], probability, probability / 2, "x" * int(rng.integers(3, 60)), ("afterDot", *gate.PLACES)[i % 5], taken))
    return lines


class Gate(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "cases.jsonl"

    def tearDown(self):
        self.folder.cleanup()

    def test_the_sure_score_above_the_unsure_on_repositories_never_seen(self):
        self.path.write_text("\n".join(cases()), encoding="utf-8")
        x, y, folders = gate.read([self.path])
        scores = gate.left_out(x, y, folders)
        self.assertGreater(gate.auc(scores, y), 0.7)
        shown, taken, kept = gate.trade_off(scores, y, 0.5)
        self.assertAlmostEqual(0.5, shown)
        self.assertGreater(taken, y.mean())
        self.assertGreater(kept, 0.5)

    def test_weights_mean_what_the_product_means_by_them(self):
        weights = np.array([-0.5, 1, 0.25, -0.75, -0.5, 0, 0, 0])
        for place, expected in (("argument", 0.179482), ("afterDot", 0.265055)):
            self.assertAlmostEqual(expected, gate.score(np.array(gate.features(0.8, 0.25, 8, place)), weights), 6)

    def test_the_command_writes_weights_and_a_curve(self):
        self.path.write_text("\n".join(cases()), encoding="utf-8")
        out, svg = Path(self.folder.name) / "gate.json", Path(self.folder.name) / "gate.svg"
        gate.main([str(self.path), "--out", str(out), "--svg", str(svg)])
        written = json.loads(out.read_text("utf-8"))
        self.assertEqual(["bias", "logOdds", "logLowest", "logLength", "places", "threshold"], list(written))
        self.assertGreater(written["logOdds"], 0)
        self.assertEqual(2, len([e for e in xml.fromstring(svg.read_text("utf-8")).iter("{http://www.w3.org/2000/svg}path") if e.get("fill") == "none"]))

    def test_what_cannot_be_learned_from_is_said(self):
        with self.assertRaisesRegex(InputError, "is missing"):
            gate.read(["nowhere"])
        self.path.write_text("{", encoding="utf-8")
        with self.assertRaisesRegex(InputError, "no JSON"):
            gate.read([self.path])
        self.path.write_text(case("a", 0.5, 0.4, "x", "afterDot", True), encoding="utf-8")
        with self.assertRaisesRegex(InputError, "too few cases"):
            gate.read([self.path])


if __name__ == "__main__":
    unittest.main()
