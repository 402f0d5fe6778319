"""Trains a classifier of handwritten digits. The whole fit is one staged function, written as plain Python.

python examples/train_digits.py
autograph dump examples/train_digits.py:fit
"""

import sys

from sklearn.datasets import load_digits

import autograph as ag


class Classifier(ag.Module):
    """Two dense layers: 64 pixels, 128 hidden units, 10 classes."""

    def __init__(self, seed):
        draw = ag.random.Generator(seed)
        self.w1 = ag.Variable(draw.normal((64, 128), stddev=0.125), name="w1")
        self.b1 = ag.Variable(ag.ops.zeros((128,)), name="b1")
        self.w2 = ag.Variable(draw.normal((128, 10), stddev=0.09), name="w2")
        self.b2 = ag.Variable(ag.ops.zeros((10,)), name="b2")

    def __call__(self, images):
        hidden = ag.ops.nn.relu(images @ self.w1 + self.b1)
        return hidden @ self.w2 + self.b2


def mean_loss(model, images, labels):
    return ag.ops.mean(ag.ops.nn.sparse_categorical_crossentropy(labels, model(images), from_logits=True))


def accuracy(model, images, labels):
    return ag.ops.mean(ag.ops.astype(ag.ops.argmax(model(images), axis=1) == labels, ag.float32))


@ag.function
def fit(model, images, labels, valid_images, valid_labels, epochs, rate):
    best = float("inf")
    waited = 0
    for epoch in range(epochs):
        order = ag.random.permutation(len(images))
        for start in range(0, len(images), 32):
            batch = order[start : start + 32]
            with ag.GradientTape() as tape:
                loss = mean_loss(model, images[batch], labels[batch])
            gradients = tape.gradient(loss, model.trainable_variables)
            for variable, gradient in zip(model.trainable_variables, gradients):
                variable.assign_sub(rate * gradient)
        valid_loss = mean_loss(model, valid_images, valid_labels)
        if epoch % 5 == 0:
            print(f"epoch {epoch}: validation loss {valid_loss:.4f}")
        if valid_loss < best:
            best = valid_loss
            waited = 0
        else:
            waited += 1
            if waited == 10:
                print(f"stopped after epoch {epoch}")
                break
    return best


def data():
    """Images in [0, 1] and labels: for training, validation and test, on a fixed split."""
    digits = load_digits()
    images = ag.constant((digits.data / 16).astype("float32"))
    labels = ag.constant(digits.target)
    order = ag.random.Generator(0).permutation(len(images))
    images, labels = images[order], labels[order]
    return [(images[a:b], labels[a:b]) for a, b in ((0, 1280), (1280, 1440), (1440, 1797))]


def main(seed=0, epochs=100):
    (images, labels), (valid_images, valid_labels), (test_images, test_labels) = data()
    ag.random.set_seed(seed)
    model = Classifier(seed)
    fit(model, images, labels, valid_images, valid_labels, ag.constant(epochs), 0.2)
    score = accuracy(model, test_images, test_labels).item()
    print(f"test accuracy: {score:.4f}")
    return score


if __name__ == "__main__":
    main(*[int(argument) for argument in sys.argv[1:]])
    print("the generated code: autograph dump examples/train_digits.py:fit")
