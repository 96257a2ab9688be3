"""A checkpoint -> an ONNX model folder: 8-bit weights written once, several graphs over the same weight files. Needs numpy and onnx only.

    python export_onnx.py --init RUN --out FOLDER        weights, graphs, config.json, tokenizer.json, prompt.json
    python export_onnx.py --init RUN --out FOLDER --like MODEL    the same; what RUN has as MODEL has it is MODEL's, bit for bit
    python export_onnx.py --graphs FOLDER                the graphs again, from the index of the weights that are there
    python export_onnx.py --float FOLDER --out REFERENCE the same weights computed with in float32: what quantised activations are compared with

    model.onnx          CPU with VNNI            model.avx2.onnx     CPU without: unsigned weights (graphs.py)
    model.gpu.onnx      fp16                     model.explain.onnx  attention as outputs
    model.tree.onnx     position_ids and attention_bias as inputs

Export from the float32 state, once: a matrix that has been through int8 before is rounded twice. `--part-mb 15` makes smaller weight files where
files have to travel in pieces; `--graphs FOLDER --repack --part-mb 45` joins them again.
"""
import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx

import graphs
import weight_files
from checkpoint import read_config, read_tensors
from errors import InputError, command
from tokenizer import CodeTokenizer, check_fits
from weights_of import weights_of


def write_graphs(folder, config, index):
    for kind in graphs.KINDS:
        name = f"model.{kind}.onnx" if kind else "model.onnx"
        (folder / name).write_bytes(graphs.decoder(config, index, kind).SerializeToString(deterministic=True))


def check_shapes(config, tensors, path):
    """Raises where the checkpoint does not fit its configuration."""
    d, e, f = config["hidden_size"], config["head_dim"], config["intermediate_size"]
    h, k = config["num_attention_heads"] * e, config["num_key_value_heads"] * e
    wanted = {"model.embed_tokens.weight": (config["vocab_size"], d), "model.norm.weight": (d,)}
    for i in range(config["num_hidden_layers"]):
        p = f"model.layers.{i}."
        wanted |= {p + f"self_attn.{n}_proj.weight": s for n, s in (("q", (h, d)), ("k", (k, d)), ("v", (k, d)), ("o", (d, h)))}
        wanted |= {p + f"mlp.{n}_proj.weight": s for n, s in (("gate", (f, d)), ("up", (f, d)), ("down", (d, f)))}
        wanted |= {p + n + ".weight": (d,) for n in ("input_layernorm", "post_attention_layernorm")}
    for name, shape in wanted.items():
        if name not in tensors or tensors[name].shape != shape:
            got = list(tensors[name].shape) if name in tensors else "nothing"
            raise InputError(f"'{path}' has {got} as {name} where config.json asks for {list(shape)}: take both from the same run.")
    if f % weight_files.BLOCK:
        raise InputError(f"'{path}': intermediate_size {f} is no multiple of {weight_files.BLOCK}: choose one that is.")


def as_they_lie(made, folder, positions):
    """`made`, (name, array) pairs, in the model folder's order and with its own bits where its weights give the same. To round what was rounded before
    changes scales by a bit, and with them weight files that nobody touched."""
    config, tensors = weights_of(folder)
    index = weight_files.index_of(folder)
    made, same = dict(made), dict(weight_files.tensors_of(config, tensors, positions))
    other = sorted(n for n in made.keys() | index.keys() if n not in made or n not in index or made[n].shape != index[n].shape)
    if other:
        raise InputError(f"'{folder}' is another model than the one to be exported, {other[0]} differs in shape: leave out --like.")
    for name in sorted(index, key=lambda n: (index[n].file, index[n].offset)):
        yield name, weight_files.read(folder, index[name]) if np.array_equal(made[name], same[name]) else made[name]


def export(init, out, positions, part, like=None):
    config, tensors = read_config(init), read_tensors(init / "model.safetensors")
    check_shapes(config, tensors, init / "model.safetensors")
    check_fits(CodeTokenizer(init / "tokenizer.json", library=False), config, init / "config.json")
    out.mkdir(parents=True, exist_ok=True)
    made = weight_files.tensors_of(config, tensors, positions)
    index = weight_files.write(out, as_they_lie(made, like, positions) if like else made, part)
    write_graphs(out, config, index)
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    copy_text_files(init, out)


def copy_text_files(folder, out):
    """What the product reads and writes text by."""
    for name in ("tokenizer.json", "prompt.json"):
        if (folder / name).exists():
            shutil.copy(folder / name, out / name)
        else:
            print(f"'{folder / name}' is missing: put the one of the starting model beside the graphs.")


def export_float(folder, out):
    """A model folder of its own, whose one graph unfolds the weights of `folder` and quantises nothing."""
    config, index = read_config(folder), weight_files.index_of(folder)
    out.mkdir(parents=True, exist_ok=True)
    for name in (*sorted({e.file for e in index.values()}), "config.json"):
        shutil.copy(folder / name, out / name)
    copy_text_files(folder, out)
    graph = graphs.decoder(config, index, graphs.FLOAT)
    (out / "model.onnx").write_bytes(graph.SerializeToString(deterministic=True))


def repack(folder, index, part):
    """Writes the weights again in files of another size; the same names, so everything is read first."""
    tensors = [(name, weight_files.read(folder, entry).copy()) for name, entry in index.items()]
    for file in {e.file for e in index.values()}:
        (folder / file).unlink()
    return weight_files.write(folder, tensors, part)


@command
def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--init", type=Path, help="checkpoint folder")
    parser.add_argument("--out", type=Path, help="model folder to write")
    parser.add_argument("--like", type=Path, help="with --init: model folder that the checkpoint grew from, whose unchanged weights are taken as they lie")
    parser.add_argument("--graphs", type=Path, help="model folder whose graphs are made again")
    parser.add_argument("--float", type=Path, dest="reference", help="model folder whose weights are to be computed with in float32")
    parser.add_argument("--repack", action="store_true", help="with --graphs: write the weight files again, of --part-mb each")
    parser.add_argument("--positions", type=int, default=4096, help="that the rotary tables reach")
    parser.add_argument("--part-mb", type=float, default=weight_files.PART / 1e6, help="millions of bytes a weight file at most")
    options = parser.parse_args(arguments)
    part = int(options.part_mb * 1e6)
    if options.reference and options.out:
        export_float(options.reference, options.out)
    elif options.graphs:
        index = weight_files.index_of(options.graphs)
        if options.repack:
            index = repack(options.graphs, index, part)
        write_graphs(options.graphs, read_config(options.graphs), index)
    elif options.init and options.out:
        export(options.init, options.out, options.positions, part, options.like)
    else:
        parser.error("give --init and --out, --float and --out, or --graphs")
    folder = options.graphs or options.out
    for name in sorted(p.name for p in folder.glob("*.onnx")):
        onnx.load(str(folder / name), load_external_data=False)
    total = sum(p.stat().st_size for p in folder.glob("weights-*.bin"))
    print(f"{folder}: {total / 1e6:.1f} MB of weights, graphs {', '.join(sorted(p.name for p in folder.glob('*.onnx')))}")


if __name__ == "__main__":
    main()
