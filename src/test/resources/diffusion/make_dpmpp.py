"""Golden numbers of DPM-Solver++ 2M, in float64 and without this project's code.

The update rules are diffusers' DPMSolverMultistepScheduler's (algorithm_type dpmsolver++, solver_type
midpoint, prediction_type sample, beta_schedule squaredcos_cap_v2, timestep_spacing linspace,
final_sigmas_type zero): dpm_solver_first_order_update for the first and last step,
multistep_dpm_solver_second_order_update between.  python3 make_dpmpp.py > dpmpp.json
"""
import json
import math

T = 1000


def bar(share):
    return math.cos((share + 0.008) / 1.008 * math.pi / 2) ** 2


alphas_cumprod, product = [], 1.0
for i in range(T):
    product *= 1 - min(1 - bar((i + 1) / T) / bar(i / T), 0.999)
    alphas_cumprod.append(product)
sigma_of = [math.sqrt((1 - a) / a) for a in alphas_cumprod]


def alpha_sigma(sigma):
    alpha = 1 / math.sqrt(sigma * sigma + 1)
    return alpha, sigma * alpha


def denoise(x, t):
    return [math.tanh(1.5 * v + 0.3 - t / T) for v in x]


def sample(start, n):
    times = [round((T - 1) * k / n) for k in range(n, 0, -1)]
    sigmas = [sigma_of[t] for t in times] + [0.0]
    x, outputs = list(start), []
    for i, t in enumerate(times):
        outputs.append(denoise(x, t))
        alpha_t, sigma_t = alpha_sigma(sigmas[i + 1])
        alpha_s0, sigma_s0 = alpha_sigma(sigmas[i])
        last = i == n - 1
        lambda_t = math.inf if last else math.log(alpha_t) - math.log(sigma_t)
        lambda_s0 = math.log(alpha_s0) - math.log(sigma_s0)
        h = lambda_t - lambda_s0
        factor = alpha_t * (math.exp(-h) - 1.0)
        m0 = outputs[-1]
        if i == 0 or last:
            x = [sigma_t / sigma_s0 * v - factor * d for v, d in zip(x, m0)]
            continue
        alpha_s1, sigma_s1 = alpha_sigma(sigmas[i - 1])
        h_0 = lambda_s0 - (math.log(alpha_s1) - math.log(sigma_s1))
        r0 = h_0 / h
        d1 = [(a - b) / r0 for a, b in zip(m0, outputs[-2])]
        x = [sigma_t / sigma_s0 * v - factor * d - 0.5 * factor * e for v, d, e in zip(x, m0, d1)]
    return {"steps": n, "times": times, "sample": x}


start = [-1.7, -0.9, -0.35, 0.0, 0.2, 0.8, 1.3, 2.1]
print(json.dumps({"start": start, "runs": [sample(start, n) for n in (1, 2, 3, 10, 25)]}, indent=1))
