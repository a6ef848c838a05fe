"""Golden numbers of learning-rate schedules and loss weights, written by PyTorch 2 in float64 and
without this project's code.  python3 make_training.py, in this folder.

Learning rates are those of torch.optim.lr_scheduler: ConstantLR, LinearLR, CosineAnnealingLR and
PolynomialLR, with a warm-up by another LinearLR that multiplies them (ChainedScheduler), as
pytorch_warmup's LinearWarmup does in DALLE2-pytorch. The polynomial with an end above 0 is
diffusers' get_polynomial_decay_schedule_with_warmup in a LambdaLR.

Loss weights are the lines of lucidrains' denoising-diffusion-pytorch: GaussianDiffusion's
p2_loss_weight (0.2x) and min_snr_loss_weight (1.x), over its cosine and linear betas.
"""
import json
import math

import torch
from torch.optim import lr_scheduler as schedulers

BASE = 3e-4
STEPS = 40


def polynomial(optimizer, steps, end, power):
    def factor(step):
        if step > steps:
            return end / BASE
        remaining = 1 - step / steps
        return ((BASE - end) * remaining**power + end) / BASE

    return schedulers.LambdaLR(optimizer, factor)


def schedule(optimizer, case):
    steps, end = case["decay_steps"], case["lr_end"]
    match case["lr_schedule"]:
        case "constant":
            return schedulers.ConstantLR(optimizer, factor=1.0, total_iters=1)
        case "linear":
            return schedulers.LinearLR(optimizer, 1.0, end / BASE, total_iters=steps)
        case "cosine":
            return schedulers.CosineAnnealingLR(optimizer, T_max=steps, eta_min=end)
        case "polynomial" if end == 0:
            return schedulers.PolynomialLR(optimizer, total_iters=steps, power=case["lr_power"])
        case "polynomial":
            return polynomial(optimizer, steps, end, case["lr_power"])


def rates(case):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE)
    scheduler = schedule(optimizer, case)
    if case["warmup_steps"]:
        warmup = schedulers.LinearLR(
            optimizer, 1 / case["warmup_steps"], 1.0, total_iters=case["warmup_steps"] - 1
        )
        scheduler = schedulers.ChainedScheduler([scheduler, warmup])
    found = []
    for _ in range(STEPS):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def case(name, warmup=0, decay=30, end=0.0, power=2.0):
    made = dict(
        lr_schedule=name, warmup_steps=warmup, decay_steps=decay, lr_end=end, lr_power=power
    )
    return made | {"lr": rates(made)}


cases = [
    case("constant"),
    case("constant", warmup=8),
    case("linear"),
    case("linear", warmup=8),
    case("linear", warmup=8, end=1e-5),
    case("cosine"),
    case("cosine", warmup=8),
    case("cosine", end=1e-5),
    case("polynomial"),
    case("polynomial", warmup=8, power=0.5),
    case("polynomial", end=1e-5, power=3.0),
]


def cosine_betas(timesteps, s=0.008):
    x = torch.linspace(0, timesteps, timesteps + 1, dtype=torch.float64)
    ac = torch.cos(((x / timesteps) + s) / (1 + s) * math.pi * 0.5) ** 2
    ac = ac / ac[0]
    return torch.clip(1 - (ac[1:] / ac[:-1]), 0, 0.999)


def linear_betas(timesteps):
    scale = 1000 / timesteps
    return torch.linspace(scale * 0.0001, scale * 0.02, timesteps, dtype=torch.float64)


def weights(betas, name, gamma, k, objective):
    alphas_cumprod = torch.cumprod(1.0 - betas, dim=0)
    if name == "p2":
        return (k + alphas_cumprod / (1 - alphas_cumprod)) ** -gamma
    snr = alphas_cumprod / (1 - alphas_cumprod)
    maybe_clipped_snr = snr.clone()
    maybe_clipped_snr.clamp_(max=gamma)
    return {
        "noise": maybe_clipped_snr / snr,
        "x_start": maybe_clipped_snr,
        "v": maybe_clipped_snr / (snr + 1),
    }[objective]


TIMES = [0, 1, 7, 60, 250, 500, 750, 900, 990, 999]
losses = []
for beta_schedule, betas in {"cosine": cosine_betas(1000), "linear": linear_betas(1000)}.items():
    for objective in ["x_start", "noise", "v"]:
        for name, gamma, k in [("min-snr", 5.0, 1.0), ("min-snr", 1.0, 1.0), ("p2", 1.0, 1.0), ("p2", 0.5, 2.0)]:
            found = weights(betas, name, gamma, k, objective)
            losses.append(
                dict(
                    beta_schedule=beta_schedule,
                    objective=objective,
                    loss_weight=name,
                    gamma=gamma,
                    k=k,
                    weights=[found[t].item() for t in TIMES],
                )
            )

with open("lr_schedules.json", "w") as file:
    json.dump({"lr": BASE, "cases": cases}, file, indent=1)
with open("loss_weights.json", "w") as file:
    json.dump({"times": TIMES, "cases": losses}, file, indent=1)
