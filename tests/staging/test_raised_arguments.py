"""Arguments of exceptions that are a number or None, as the graph finds when it runs."""

import numpy as np
import pytest

import autograph as ag


@pytest.mark.parametrize(("n", "wanted"), [(2, 2), (-2, None)])
def test_none_or_number(n, wanted):
    @ag.function
    def f(n):
        found = None
        if n > 0:
            found = n
        raise KeyError(found)

    with pytest.raises(KeyError) as caught:
        f(np.int64(n))
    assert caught.value.args == (wanted,)
