"""Teaches the gate when ghost text is worth showing: python gate.py CASES.jsonl [...] --out ../csharp-115m/gate.json --svg ../../docs/gate.svg

CASES.jsonl: what the benchmarks' `ablation --configs full --out` writes, one case a line. Of the suggestions that would be shown, a logistic regression
learns which are exactly what was written, from the model's probabilities, the length and the kind of place. What is printed and drawn is measured on
repositories that the weights were not fitted to: one is left out at a time. The shipped weights are fitted to all. Needs numpy.
"""
import argparse
import json
from pathlib import Path

import numpy as np

from errors import InputError, command

PLACES = ("argument", "insideWord", "freshLine", "statementStart")  # "afterDot" is what they are compared with
NAMES = ("bias", "logOdds", "logLowest", "logLength")
LEAST_ODDS, LEAST_PROBABILITY = 1e-3, 1e-4  # as in ModelGate.cs
L2 = 1.0
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 560, 400, 60, 30, 50


def read(paths):
    """The suggestions that would be shown: (features [n, 8], taken [n], repository [n])."""
    rows, taken, folders = [], [], []
    for path in paths:
        try:
            lines = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
        except FileNotFoundError:
            raise InputError(f"'{path}' is missing: name what the benchmarks' ablation wrote with --out.") from None
        except ValueError:
            raise InputError(f"'{path}' has a line that is no JSON: take the broken line out.") from None
        for line in lines:
            result = line.get("result", {})
            if line.get("configuration") == "full" and result.get("shown") and result.get("probability"):
                rows.append(features(result["probability"], result["lowestProbability"], len(result["prediction"]), result["kind"]))
                taken.append(float(result["scores"]["exactMatch"]))
                folders.append(line["folder"])
    if len(set(folders)) < 2 or len(set(taken)) < 2:
        raise InputError("There are too few cases: let the ablation run with the configuration 'full' over two repositories or more.")
    return np.array(rows), np.array(taken), np.array(folders)


def features(probability, lowest, length, place):
    odds = min(max(probability, LEAST_ODDS), 1 - LEAST_ODDS)
    numbers = [1.0, np.log(odds / (1 - odds)), np.log(max(lowest, LEAST_PROBABILITY)), np.log(max(length, 1))]
    return numbers + [float(place == p) for p in PLACES]


def fit(x, y):
    """Weights [8] of the logistic regression, by Newton's method; all but the bias are held small."""
    weights = np.zeros(x.shape[1])
    held = L2 * np.r_[0, np.ones(x.shape[1] - 1)]
    for _ in range(50):
        p = score(x, weights)
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(held + 1e-9), x.T @ (p - y) + held * weights)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def score(x, weights):
    return 1 / (1 + np.exp(-(x @ weights)))


def left_out(x, y, folders):
    """Each suggestion's score by weights that were fitted without its repository."""
    scores = np.zeros(len(y))
    for folder in sorted(set(folders)):
        own = folders == folder
        scores[own] = score(x[own], fit(x[~own], y[~own]))
    return scores


def auc(scores, y):
    """How often one that was written scores above one that was not."""
    order = np.argsort(np.argsort(scores, kind="stable"), kind="stable")
    hits = y.sum()
    return (order[y == 1].sum() - hits * (hits - 1) / 2) / (hits * (len(y) - hits))


def trade_off(scores, y, share):
    """(shown, of these taken, of all taken kept), each 0 to 1, where the best-scored `share` is shown."""
    most = np.argsort(-scores, kind="stable")[: round(share * len(y))]
    return len(most) / len(y), y[most].mean(), y[most].sum() / y.sum()


def draw(curves):
    """curves: [(name, colour, [(shown, taken, kept)])]. The SVG's text: across what is shown, up how much of it is taken."""
    low, high = min(t for _, _, c in curves for _, t, _ in c), max(t for _, _, c in curves for _, t, _ in c)
    low, high = np.floor(low * 10) / 10, np.ceil(high * 10) / 10

    def x(v):
        return round(LEFT + (WIDTH - LEFT - 20) * v, 1)

    def y(v):
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - v) / (high - low), 1)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for v in np.arange(low, high + 0.01, 0.1):
        out.append(f'<path d="M{LEFT} {y(v)}H{WIDTH - 20}" stroke="#ddd"/><text x="{LEFT - 8}" y="{y(v) + 4}" text-anchor="end">{100 * v:.0f}</text>')
    for v in np.arange(0, 1.01, 0.2):
        out.append(f'<text x="{x(v)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{100 * v:.0f}</text>')
    out.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">% of the suggestions shown</text>')
    out.append(f'<text x="14" y="{HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 14 {HEIGHT / 2})">% of them exactly what was written</text>')
    for i, (name, colour, points) in enumerate(curves):
        path = "M" + "L".join(f"{x(shown)} {y(taken)}" for shown, taken, _ in points)
        out.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.8"/>')
        out.append(f'<text x="{LEFT + 200 * i}" y="18" fill="{colour}" font-weight="bold">{name}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"


@command
def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--svg", type=Path)
    parser.add_argument("--share", type=float, default=0.9, help="of the suggestions, so many are shown")
    options = parser.parse_args(arguments)
    x, y, folders = read(options.cases)
    learned = left_out(x, y, folders)
    print(f"{len(y)} suggestions of {len(set(folders))} repositories; one left out at a time: AUC {auc(learned, y):.3f}, by mean probability alone {auc(x[:, 1], y):.3f}")
    print("shown, %   taken of these, %   taken kept, %   (by mean probability: taken, kept)")
    for share in (1, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5):
        shown, taken, kept = trade_off(learned, y, share)
        _, plain, plain_kept = trade_off(x[:, 1], y, share)
        print(f"{100 * shown:8.1f} {100 * taken:19.1f} {100 * kept:15.1f}   ({100 * plain:.1f}, {100 * plain_kept:.1f})")
    weights = fit(x, y)
    threshold = float(np.quantile(score(x, weights), 1 - options.share))
    gate = {name: round(float(w), 4) for name, w in zip(NAMES, weights)}
    gate |= {"places": {p: round(float(w), 4) for p, w in zip(PLACES, weights[len(NAMES):])}, "threshold": round(threshold, 4)}
    options.out.write_text(json.dumps(gate, indent=2) + "\n", encoding="utf-8")
    if options.svg:
        shares = np.arange(0.1, 1.001, 0.02)
        curves = [("learned", "#3b6fb6", learned), ("mean probability alone", "#c4572e", x[:, 1])]
        options.svg.write_text(draw([(n, c, [trade_off(s, y, v) for v in shares]) for n, c, s in curves]), encoding="utf-8")


if __name__ == "__main__":
    main()
