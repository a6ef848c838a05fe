"""Writes the files of this folder with Python's safetensors and PyTorch's rounding.

    python make_fixtures.py   (torch 2.13, safetensors 0.8)

numbers_*.safetensors  the same numbers in each type: subnormal ones, ties, infinities, the largest;
                       *_as_f32 is what they are once rounded
sharded/               tensors over two files with an index, as diffusers lays them out
half/                  the state dict of reference case d2_18_param_average in fp16 and bf16
zip.pth, pickle.pth    what torch.save writes, new and old
"""

import json
import pathlib

import torch
from safetensors.torch import load_file, save_file

HERE = pathlib.Path(__file__).parent
CASE = HERE.parent / "reference" / "d2_18_param_average"
PT = {"format": "pt"}


def numbers():
    special = [0.0, -0.0, 1.0, -2.5, 65504.0, -65504.0, 65519.0, 6e-8, -6e-8, 2.9e-8, 3.1e-8]
    ties = [1 + 2**-11, 1 + 3 * 2**-11, 2049.0, 2051.0, 0.1, 1 / 3, float("inf"), -float("inf")]
    generator = torch.Generator().manual_seed(7)
    return {
        "special": torch.tensor(special + ties),
        "many": torch.randn(40, 50, generator=generator) * torch.logspace(-8, 4, 50),
        "scalar": torch.tensor(0.3),
    }


def write_numbers():
    for name, dtype in [("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16)]:
        tensors = {key: value.to(dtype) for key, value in numbers().items()}
        save_file(tensors, HERE / f"numbers_{name}.safetensors", metadata=PT)
        if dtype == torch.float32:
            continue
        widened = {key: value.float() for key, value in tensors.items()}
        save_file(widened, HERE / f"numbers_{name}_as_f32.safetensors", metadata=PT)


def write_sharded():
    folder = HERE / "sharded"
    folder.mkdir(exist_ok=True)
    stem = "diffusion_pytorch_model"
    files = [f"{stem}-0000{i}-of-00002.safetensors" for i in (1, 2)]
    shards = [{"a.weight": torch.arange(6.0).reshape(2, 3)}, {"b.bias": torch.ones(4).half()}]
    weight_map = {}
    for file, shard in zip(files, shards):
        save_file(shard, folder / file, metadata=PT)
        weight_map.update({name: file for name in shard})
    index = {"metadata": {"total_size": 32}, "weight_map": weight_map}
    (folder / f"{stem}.safetensors.index.json").write_text(json.dumps(index, indent=2))


def write_half():
    folder = HERE / "half"
    folder.mkdir(exist_ok=True)
    weights = load_file(CASE / "weights.safetensors")
    for name, dtype in [("f16", torch.float16), ("bf16", torch.bfloat16)]:
        save_file({key: value.to(dtype) for key, value in weights.items()},
                  folder / f"{name}.safetensors", metadata=PT)


def write_pickles():
    saved = {"model": {"net.learned_query": torch.zeros(2)}}
    torch.save(saved, HERE / "zip.pth")
    torch.save(saved, HERE / "pickle.pth", _use_new_zipfile_serialization=False)


if __name__ == "__main__":
    write_numbers()
    write_sharded()
    write_half()
    write_pickles()
