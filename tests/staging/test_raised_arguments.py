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


def test_the_line_of_an_operation_that_one_of_two_values_refuses():
    @ag.function
    def f(n):
        shown = "many" if n > 2 else n
        return shown + 1

    assert f(np.int64(1)).item() == 2
    with pytest.raises(TypeError, match="can only concatenate str") as caught:
        f(np.int64(5))
    assert str(caught.traceback[-1].statement).strip() == "return shown + 1"
