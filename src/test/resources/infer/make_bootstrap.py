"""Percentile bootstrap with NumPy (2.4) into bootstrap.json: python make_bootstrap.py"""

import json
import pathlib

import numpy as np

random = np.random.default_rng(0)
columns = [np.round(random.normal(0.8, 0.1, 12), 4), (random.random(12) < 0.3).astype(float)]
rows = random.integers(0, 12, (250, 12))
intervals = [np.percentile(c[rows].mean(axis=1), [2.5, 97.5]).tolist() for c in columns]
out = {"columns": [c.tolist() for c in columns], "rows": rows.tolist(), "intervals": intervals}
pathlib.Path(__file__).with_name("bootstrap.json").write_text(json.dumps(out) + "\n")
