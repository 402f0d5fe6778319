"""A Metropolis sampler: accepts or rejects in a staged loop and collects the chain in a list.

python examples/metropolis.py
"""

import autograph as ag


def log_density(x):
    """Two bumps, at -1 and 2."""
    return ag.ops.log(0.3 * ag.ops.exp(-2 * (x + 1) ** 2) + 0.7 * ag.ops.exp(-2 * (x - 2) ** 2))


@ag.function
def sample(count, width):
    x = ag.constant(0.0)
    accepted = 0
    chain = []
    for _ in range(count):
        proposal = x + width * ag.random.normal()
        if ag.random.uniform() < ag.ops.exp(log_density(proposal) - log_density(x)):
            x = proposal
            accepted += 1
        chain.append(x)
    return ag.ops.stack(chain), accepted / count


def main(count=4000):
    ag.random.set_seed(1)
    chain, rate = sample(ag.constant(count), 2.0)
    mean = ag.ops.mean(chain).item()
    print(f"accepted {rate.item():.2f}, mean {mean:.2f} (exact {0.3 * -1 + 0.7 * 2:.2f})")
    return mean, rate.item()


if __name__ == "__main__":
    main()
