"""Draws loss curves as an SVG, from the log.jsonl of one or several runs: python curve.py RUN [RUN ...] --out loss.svg

Across: tokens read. Up: nats a token; thin the training loss, with dots what was measured on held-out rows. Several runs are told apart by colour, so
two optimisers can be compared. Standard library only.
"""
import argparse
import html
import json
import math
from pathlib import Path

from errors import InputError, command

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 40, 45
COLOURS = ("#3b6fb6", "#c4572e", "#3f8f4f", "#8a4fa3")
MEASURES = (("eval_loss", "held-out, all", ""), ("eval_middle", "held-out, middles", "6 3"), ("eval_product_middle", "held-out, product-like middles", "2 3"))


def read(folder):
    path = Path(folder) / "log.jsonl"
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    except FileNotFoundError:
        raise InputError(f"'{path}' is missing: name the --out folder of train.py.") from None
    except ValueError:
        raise InputError(f"'{path}' has a line that is no JSON: take the broken line out.") from None


def ticks(low, high, most):
    """Round numbers from low to high, at most `most`."""
    rough = (high - low) / most or 1
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * f for f in (1, 2, 5, 10) if size * f >= rough)
    return [i * step for i in range(math.ceil(low / step), math.floor(high / step + 1e-9) + 1)]


def draw(runs):
    """runs: [(name, lines of log.jsonl)]. Returns the SVG's text."""
    values = [line[k] for _, lines in runs for line in lines for k in ("loss", *(m[0] for m in MEASURES)) if k in line]
    if not values:
        raise InputError("The log holds no loss yet: let the run come to its first report.")
    most = max(line["tokens"] for _, lines in runs for line in lines) or 1
    low, high = min(values), max(values)
    low, high = low - 0.05 * (high - low or 1), high + 0.05 * (high - low or 1)

    def x(tokens):
        return round(LEFT + (WIDTH - LEFT - RIGHT) * tokens / most, 1)

    def y(loss):
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - loss) / (high - low), 1)

    unit, name = (1e6, "M") if most >= 2e6 else (1e3, "k")
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for value in ticks(low, high, 6):
        out.append(f'<path d="M{LEFT} {y(value)}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y(value) + 4}" text-anchor="end">{value:g}</text>')
    for value in ticks(0, most / unit, 8):
        out.append(f'<text x="{x(value * unit)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{value:g}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{name} tokens</text>')
    out.append(f'<text x="14" y="{HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 14 {HEIGHT / 2})">nats a token</text>')
    for i, (run, lines) in enumerate(runs):
        colour = COLOURS[i % len(COLOURS)]
        out.append(f'<text x="{LEFT + 190 * i}" y="18" fill="{colour}" font-weight="bold">{html.escape(run)}</text>')
        for key, dash, dots in (("loss", "", False), *((m[0], m[2], True) for m in MEASURES)):
            points = [(x(line["tokens"]), y(line[key])) for line in lines if key in line]
            if points:
                path = "M" + "L".join(f"{a} {b}" for a, b in points)
                dashed = f' stroke-dasharray="{dash}"' if dash else ""
                out.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{1.6 if dots else 0.7}"{dashed}/>')
            out += [f'<circle cx="{a}" cy="{b}" r="2.5" fill="{colour}"/>' for a, b in points if dots]
    for i, (_, label, dash) in enumerate((("loss", "training", None), *MEASURES)):
        at = LEFT + 4 + (0 if i == 0 else 80 + (i - 1) * 150)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        out.append(f'<path d="M{at} {TOP - 8}h18" stroke="#555" stroke-width="{0.7 if dash is None else 1.6}"{dashed}/>')
        out.append(f'<text x="{at + 22}" y="{TOP - 4}" fill="#555">{label}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"


@command
def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    options.out.write_text(draw([(run.name, read(run)) for run in options.runs]), encoding="utf-8")


if __name__ == "__main__":
    main()
