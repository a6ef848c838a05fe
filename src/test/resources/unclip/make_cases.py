"""Writes the cases beside it: options of diffusers' PriorTransformer that ../reference leaves out.

Run with PyTorch 2.13 for CPU:  python make_cases.py
The network and the scheduler's loop are written out here in float64, over float32 weights, inputs
and tables. Before anything is written, the network is held against the forward runs of ../reference.
"""

import json
import math
import pathlib
import struct

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent
NUMPY = {"F32": np.float32, "I64": np.int64, "U8": np.uint8}
NAMES = {torch.float32: "F32", torch.int64: "I64", torch.uint8: "U8"}
SCHEDULER = {
    "num_train_timesteps": 1000,
    "variance_type": "fixed_small_log",
    "clip_sample": True,
    "clip_sample_range": 5.0,
    "prediction_type": "sample",
    "beta_schedule": "squaredcos_cap_v2",
}
PRIOR = {
    "num_attention_heads": 2,
    "attention_head_dim": 6,
    "num_layers": 2,
    "embedding_dim": 8,
    "num_embeddings": 4,
    "additional_embeddings": 4,
    "dropout": 0.0,
    "time_embed_act_fn": "silu",
    "norm_in_type": None,
    "embedding_proj_norm_type": None,
    "encoder_hid_proj_type": "linear",
    "added_emb_type": "prd",
    "time_embed_dim": None,
    "embedding_proj_dim": None,
    "clip_embed_dim": None,
}


def read(path):
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    body, tensors = data[8 + size :], {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values = np.frombuffer(body[begin:end], NUMPY[entry["dtype"]])
            tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return tensors


def write(path, tensors):
    header, body = {}, b""
    for name, tensor in tensors.items():
        data = tensor.contiguous().numpy().tobytes()
        offsets = [len(body), len(body) + len(data)]
        shape = list(tensor.shape)
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": shape, "data_offsets": offsets}
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def inner(prior):
    return prior["num_attention_heads"] * prior["attention_head_dim"]


def width(prior, key, otherwise="embedding_dim"):
    return prior[key] or prior[otherwise]


def draw_weights(prior, random):
    weights, dim = {}, inner(prior)
    hidden = prior["time_embed_dim"] or dim
    text, out = width(prior, "embedding_proj_dim"), width(prior, "clip_embed_dim")

    def linear(name, to, of):
        weights[name + ".weight"] = random(to, of) * 1.3 / math.sqrt(of)
        weights[name + ".bias"] = 0.3 * random(to)

    def norm(name, of):
        weights[name + ".weight"] = 1 + 0.3 * random(of)
        weights[name + ".bias"] = 0.3 * random(of)

    positions = prior["num_embeddings"] + prior["additional_embeddings"]
    weights["positional_embedding"] = 0.5 * random(1, positions, dim)
    if prior["added_emb_type"]:
        weights["prd_embedding"] = random(1, 1, dim)
    weights["clip_mean"] = 0.3 * random(1, out)
    weights["clip_std"] = 0.5 + random(1, out).abs()
    linear("time_embedding.linear_1", hidden, dim)
    linear("time_embedding.linear_2", dim, hidden)
    linear("proj_in", dim, prior["embedding_dim"])
    if prior["embedding_proj_norm_type"]:
        norm("embedding_proj_norm", text)
    linear("embedding_proj", dim, text)
    if prior["encoder_hid_proj_type"]:
        linear("encoder_hidden_states_proj", dim, prior["embedding_dim"])
    for layer in range(prior["num_layers"]):
        block = f"transformer_blocks.{layer}."
        norm(block + "norm1", dim)
        for part in ("to_q", "to_k", "to_v", "to_out.0"):
            linear(block + "attn1." + part, dim, dim)
        norm(block + "norm3", dim)
        linear(block + "ff.net.0.proj", 4 * dim, dim)
        linear(block + "ff.net.2", dim, 4 * dim)
    if prior["norm_in_type"]:
        norm("norm_in", dim)
    norm("norm_out", dim)
    linear("proj_to_clip_embeddings", out, dim)
    return {name: tensor.float() for name, tensor in weights.items()}


def network(prior, weights, image, times, text, encodings=None, mask=None):
    rows, dim = image.shape[0], inner(prior)

    def linear(name, x):
        return F.linear(x, weights[name + ".weight"], weights[name + ".bias"])

    def norm(name, x):
        return F.layer_norm(x, x.shape[-1:], weights[name + ".weight"], weights[name + ".bias"])

    half = dim // 2
    angles = times.double()[:, None] * 10000 ** (-torch.arange(half) / half)
    activation = {"silu": F.silu, "gelu": F.gelu}[prior["time_embed_act_fn"]]
    waves = torch.cat([angles.cos(), angles.sin()], 1)
    time = linear("time_embedding.linear_2", activation(linear("time_embedding.linear_1", waves)))
    if prior["embedding_proj_norm_type"]:
        text = norm("embedding_proj_norm", text)
    tokens = [linear("embedding_proj", text)[:, None], time[:, None]]
    if encodings is not None:
        projected = prior["encoder_hid_proj_type"]
        tokens.insert(0, linear("encoder_hidden_states_proj", encodings) if projected else encodings)
    before = sum(token.shape[1] for token in tokens)
    noised = linear("proj_in", image)
    tokens.append(noised if noised.dim() == 3 else noised[:, None])
    if prior["added_emb_type"]:
        tokens.append(weights["prd_embedding"].expand(rows, -1, -1))
    x = torch.cat(tokens, 1)
    count, positions = x.shape[1], weights["positional_embedding"]
    if positions.shape[1] < count:
        positions = F.pad(positions, (0, 0, before, count - before - positions.shape[1]))
    x = x + positions
    bias = torch.zeros(rows, 1, count, count)
    if mask is not None:
        padding = F.pad((1 - mask.double()) * -10000.0, (0, count - mask.shape[1]))
        bias = padding[:, None, None] + torch.full((count, count), -10000.0).triu(1)
    if prior["norm_in_type"]:
        x = norm("norm_in", x)
    for layer in range(prior["num_layers"]):
        block = f"transformer_blocks.{layer}."
        x = x + attention(prior, linear, block + "attn1.", norm(block + "norm1", x), bias)
        hidden = F.gelu(linear(block + "ff.net.0.proj", norm(block + "norm3", x)))
        x = x + linear(block + "ff.net.2", hidden)
    x = norm("norm_out", x)
    return linear("proj_to_clip_embeddings", x[:, -1] if prior["added_emb_type"] else x[:, before:])


def attention(prior, linear, name, x, bias):
    rows, count, dim = x.shape
    heads = (rows, count, prior["num_attention_heads"], prior["attention_head_dim"])
    q, k, v = (linear(name + part, x).view(heads).transpose(1, 2) for part in ("to_q", "to_k", "to_v"))
    scores = q @ k.transpose(2, 3) / math.sqrt(heads[-1]) + bias
    return linear(name + "to_out.0", (scores.softmax(-1) @ v).transpose(1, 2).reshape(rows, count, dim))


def hold_against_reference():
    for case in sorted((HERE / ".." / "reference").glob("uc_0[1-4]*")):
        described = json.loads((case / "case.json").read_text())
        tensors = read(case / "io.safetensors")
        weights = {name: t.double() for name, t in read(case / "weights.safetensors").items()}
        for run in described["runs"]:
            if run["op"] == "unclip_forward":
                given = {role: tensors[name] for role, name in run["in"].items()}
                reals = [given[r].double() for r in ("image_embed", "text_embed", "text_encodings")]
                found = network(
                    described["config"]["prior"], weights, reals[0], given["times"], *reals[1:],
                    given.get("attention_mask"))
                assert torch.allclose(found.float(), tensors[run["out"]["pred"]], atol=1e-6), case


def loop(prior, scheduler, weights, given, steps):
    """UnCLIPScheduler's, with epsilon or sample predictions, without guidance."""
    total = scheduler["num_train_timesteps"]
    shares = [math.cos((t / total + 0.008) / 1.008 * math.pi / 2) ** 2 for t in range(total + 1)]
    betas = torch.tensor([min(1 - b / a, 0.999) for a, b in zip(shares, shares[1:])]).float()
    alphas = 1 - betas
    bars = torch.cumprod(alphas.double(), 0).float().double()
    betas, alphas = betas.double(), alphas.double()
    times = (np.arange(steps) * ((total - 1) / (steps - 1))).round()[::-1].astype(np.int64)
    x = given["noise"][0].double()
    for i, t in enumerate(times):
        previous = times[i + 1] if i + 1 < steps else t - 1
        bar, bar_before = bars[t], bars[previous] if previous >= 0 else torch.tensor(1.0)
        near = previous == t - 1
        alpha, beta = (alphas[t], betas[t]) if near else (bar / bar_before, 1 - bar / bar_before)
        at = torch.full((x.shape[0],), int(t))
        x0 = network(prior, weights, x, at, given["text_embed"].double()).reshape(x.shape)
        if scheduler["prediction_type"] == "epsilon":
            x0 = (x - (1 - bar).sqrt() * x0) / bar.sqrt()
        if scheduler["clip_sample"]:
            x0 = x0.clamp(-scheduler["clip_sample_range"], scheduler["clip_sample_range"])
        x = (bar_before.sqrt() * beta * x0 + alpha.sqrt() * (1 - bar_before) * x) / (1 - bar)
        if t > 0:
            deviation = ((1 - bar_before) / (1 - bar) * beta).clamp(min=1e-20).sqrt()
            x = x + deviation * given["noise"][i + 1].double()
    return x, torch.from_numpy(times.copy())


def case(name, seed, prior=None, scheduler=None, mask=None, image_tokens=None, steps=None):
    prior, scheduler = {**PRIOR, **(prior or {})}, {**SCHEDULER, **(scheduler or {})}
    generator = torch.Generator().manual_seed(seed)
    rows, random = 3, lambda *shape: torch.randn(*shape, generator=generator)
    stored = draw_weights(prior, random)
    weights = {key: tensor.double().requires_grad_() for key, tensor in stored.items()}
    image = [rows, *([] if image_tokens is None else [image_tokens]), prior["embedding_dim"]]
    given = {
        "image_embed": random(*image).float(),
        "times": torch.randint(0, scheduler["num_train_timesteps"], (rows,), generator=generator),
        "text_embed": random(rows, width(prior, "embedding_proj_dim")).float(),
    }
    if prior["additional_embeddings"] and prior["num_embeddings"]:
        of = prior["embedding_dim"] if prior["encoder_hid_proj_type"] else inner(prior)
        given["text_encodings"] = random(rows, prior["num_embeddings"], of).float()
    if mask is not None:
        given["attention_mask"] = torch.tensor(mask, dtype=torch.uint8)
    reals = {key: t.double() if t.dtype == torch.float32 else t for key, t in given.items()}
    predicted = network(
        prior, weights, reals["image_embed"], reals["times"], reals["text_embed"],
        reals.get("text_encodings"), reals.get("attention_mask"))
    given["target"] = random(*predicted.shape).float()
    loss = ((predicted - given["target"].double()) ** 2).mean()
    loss.backward()
    tensors = {"in." + key: tensor for key, tensor in given.items()}
    tensors["out.pred"] = predicted.detach().float()
    tensors["out.loss"] = loss.detach().float().reshape(1)
    statistics = ["clip_mean", "clip_std"]
    for key, tensor in weights.items():
        if key not in statistics:
            tensors["grad." + key] = tensor.grad.float()
    out = {"pred": "out.pred", "loss": "out.loss", "grad_prefix": "grad.", "no_grad": statistics}
    runs = [{"op": "unclip_forward", "id": "pred", "in": {key: "in." + key for key in given},
             "args": {}, "out": out}]
    if steps:
        start = {"text_embed": random(2, width(prior, "embedding_proj_dim")).float(),
                 "noise": random(steps, 2, prior["embedding_dim"]).float()}
        with torch.no_grad():
            latents, times = loop(prior, scheduler, weights, start, steps)
            embeds = latents * weights["clip_std"] + weights["clip_mean"]
        made = {"latents": latents.float(), "image_embeds": embeds.float(), "timesteps": times}
        tensors.update({"in.sample." + key: tensor for key, tensor in start.items()})
        tensors.update({"out.sample." + key: tensor for key, tensor in made.items()})
        runs.append({"op": "unclip_sample", "id": f"n{steps}",
                     "in": {key: "in.sample." + key for key in start},
                     "args": {"num_inference_steps": steps, "guidance_scale": 1.0},
                     "out": {key: "out.sample." + key for key in made}})
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    write(folder / "weights.safetensors", stored)
    write(folder / "io.safetensors", tensors)
    described = {
        "name": name, "family": "unclip", "config": {"prior": prior, "scheduler": scheduler},
        "runs": runs, "tolerance": {"forward": 2e-5, "loss": 2e-5, "grad": 2e-4, "sample": 5e-5}}
    (folder / "case.json").write_text(json.dumps(described, indent=1) + "\n")


NORMS = {"norm_in_type": "layer", "embedding_proj_norm_type": "layer", "embedding_proj_dim": 10}

if __name__ == "__main__":
    hold_against_reference()
    case("raw_encodings", 1, {**NORMS, "encoder_hid_proj_type": None},
         mask=[[1, 1, 1, 0], [0, 1, 1, 1], [0, 0, 0, 0]])
    case("no_text_rows", 2, {"encoder_hid_proj_type": None, "num_embeddings": 0}, steps=10)
    case("epsilon_without_clip", 3,
         {**NORMS, "encoder_hid_proj_type": None, "num_embeddings": 0, "added_emb_type": None,
          "additional_embeddings": 3, "num_layers": 1},
         {"prediction_type": "epsilon", "clip_sample": False, "num_train_timesteps": 50}, steps=50)
    case("several_image_tokens", 4,
         {**NORMS, "num_embeddings": 3, "additional_embeddings": 0, "added_emb_type": None,
          "encoder_hid_proj_type": None, "time_embed_act_fn": "gelu", "time_embed_dim": 20,
          "clip_embed_dim": 9},
         image_tokens=3)
