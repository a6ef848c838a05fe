"""Stands for DALLE2-pytorch and diffusers: the classes that the guide names, noting what they are given."""
import sys
import types

import torch

given = {}


class DiffusionPriorConfig:
    def __init__(self, **settings):
        given["prior"] = sorted(settings)

    def create(self):
        return self

    def load_state_dict(self, weights):
        given["weights"] = sorted(weights)


class Decoder:
    def sample(self, image_embed=None, text=None, cond_scale=1.0):
        given["decoder"] = [list(image_embed.shape), str(image_embed.dtype)]
        return torch.zeros(len(image_embed), 3, 8, 8)


class PriorTransformer:
    @staticmethod
    def from_pretrained(folder):
        given["transformer"] = folder
        return PriorTransformer()


class UnCLIPScheduler(PriorTransformer):
    pass


class KandinskyV22PriorPipeline:
    @classmethod
    def from_pretrained(cls, name, **parts):
        given["parts"] = sorted(parts)
        return cls()

    def get_zero_embed(self, batch_size=1, device=None):
        return torch.zeros(batch_size, 16)


class KandinskyV22Pipeline:
    @classmethod
    def from_pretrained(cls, name):
        return cls()

    def __call__(self, image_embeds, negative_image_embeds, height=512, width=512):
        given["kandinsky"] = [list(image_embeds.shape), list(negative_image_embeds.shape)]
        return types.SimpleNamespace(images=[])


for package, classes in {
    "dalle2_pytorch.train_configs": [DiffusionPriorConfig],
    "diffusers": [
        PriorTransformer,
        UnCLIPScheduler,
        KandinskyV22PriorPipeline,
        KandinskyV22Pipeline,
    ],
}.items():
    sys.modules[package.split(".")[0]] = types.ModuleType(package)
    module = types.ModuleType(package)
    for stand_in in classes:
        setattr(module, stand_in.__name__, stand_in)
    sys.modules[package] = module
decoder = Decoder()
