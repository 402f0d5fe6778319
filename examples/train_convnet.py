"""Trains a small convolutional network on handwritten digits; one epoch is one staged call.

python examples/train_convnet.py
"""

import sys

from sklearn.datasets import load_digits

import autograph as ag

nn = ag.ops.nn


class ConvNet(ag.Module):
    """Two convolutions with normalisation and pooling, and a dense layer."""

    def __init__(self, seed):
        draw = ag.random.Generator(seed)
        self.k1 = ag.Variable(draw.normal((3, 3, 1, 16), stddev=0.3), name="k1")
        self.k2 = ag.Variable(draw.normal((3, 3, 16, 32), stddev=0.1), name="k2")
        self.scale = ag.Variable(ag.ops.ones((16,)), name="scale")
        self.shift = ag.Variable(ag.ops.zeros((16,)), name="shift")
        self.w = ag.Variable(draw.normal((2 * 2 * 32, 10), stddev=0.1), name="w")
        self.b = ag.Variable(ag.ops.zeros((10,)), name="b")

    def __call__(self, images, drop=0.0):
        x = nn.conv(images, self.k1, padding="same")
        x = nn.max_pool(nn.relu(nn.layer_normalization(x, self.scale, self.shift, epsilon=1e-3)), 2)
        x = nn.max_pool(nn.relu(nn.conv(x, self.k2, padding="same")), 2)
        x = nn.dropout(ag.ops.reshape(x, (len(images), -1)), drop)
        return x @ self.w + self.b


@ag.function
def epoch(model, images, labels, rate):
    count = len(images) // 32
    order = ag.random.permutation(len(images))
    total = 0.0
    for batch in ag.ops.reshape(order[: count * 32], (count, 32)):
        with ag.GradientTape() as tape:
            scores = model(images[batch], drop=0.2)
            loss = ag.ops.mean(nn.sparse_categorical_crossentropy(labels[batch], scores, from_logits=True))
        variables = model.trainable_variables
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(rate * gradient)
        total += loss
    return total / count


def main(seed=0, epochs=5):
    digits = load_digits()
    images = ag.constant((digits.images[..., None] / 16).astype("float32"))
    labels = ag.constant(digits.target)
    ag.random.set_seed(seed)
    model = ConvNet(seed)
    for number in range(epochs):
        loss = epoch(model, images[:1280], labels[:1280], 0.1)
        print(f"epoch {number}: loss {loss:.4f}")
    found = ag.ops.argmax(model(images[1280:]), axis=1)
    score = ag.ops.mean(ag.ops.astype(found == labels[1280:], ag.float32)).item()
    print(f"test accuracy: {score:.4f}")
    return score


if __name__ == "__main__":
    main(*[int(argument) for argument in sys.argv[1:]])
