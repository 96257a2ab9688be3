"""The loss curve is an SVG that an XML parser reads."""
import unittest
import xml.etree.ElementTree as xml

import places  # noqa: F401

import curve
from errors import InputError

LINES = [
    {"step": 0, "tokens": 0, "eval_loss": 2.1, "eval_middle": 1.4, "eval_product_middle": 1.2},
    {"step": 20, "tokens": 2_600_000, "loss": 1.9},
    {"step": 40, "tokens": 5_200_000, "loss": 1.7, "eval_loss": 1.8, "eval_middle": 1.1, "eval_product_middle": 1.0},
]


class Curve(unittest.TestCase):
    def test_every_measure_of_every_run_is_drawn(self):
        root = xml.fromstring(curve.draw([("adamw", LINES), ("muon <x>", LINES)]))
        texts = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
        self.assertEqual(12, len(list(root.iter("{http://www.w3.org/2000/svg}circle"))))
        self.assertIn("muon <x>", texts)
        self.assertIn("M tokens", texts)

    def test_a_log_without_a_loss_is_said(self):
        with self.assertRaisesRegex(InputError, "holds no loss yet"):
            curve.draw([("run", [])])
        with self.assertRaisesRegex(InputError, "log.jsonl' is missing"):
            curve.read("nowhere")

    def test_ticks_are_round(self):
        self.assertEqual([1.0, 1.5, 2.0], [round(t, 6) for t in curve.ticks(0.93, 2.2, 4)])
        self.assertEqual([0, 50, 100], curve.ticks(0, 110, 4))


if __name__ == "__main__":
    unittest.main()
