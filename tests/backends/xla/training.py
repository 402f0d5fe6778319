"""A step that several devices, or processes, take together."""

import numpy as np

import autograph as ag


def training_step():
    draw = np.random.default_rng(3)
    weights = ag.Variable(draw.normal(size=(5, 3)).astype(np.float32))

    @ag.function
    def step(x, y):
        with ag.GradientTape() as tape:
            loss = ag.ops.mean((x @ weights - y) ** 2)
        weights.assign_sub(0.1 * tape.gradient(loss, weights))
        return loss

    return step, weights, draw.normal(size=(8, 5)).astype(np.float32), draw.normal(size=(8, 3)).astype(np.float32)
