"""Lists that staged blocks grow, change and index by tensors."""

import numpy as np

from tests.conformance.values import empty, f, v3, v4


def append_all(xs):
    ys = []
    for x in xs:
        ys.append(x * x)
    return ys


def append_some(xs):
    ys = []
    for x in xs:
        if x > 0:
            ys.append(x)
    total = 0.0
    for y in ys:
        total += y
    return total, len(ys)


def list_state(xs):
    counts = [0, 0]
    for x in xs:
        if x > 0:
            counts[0] += 1
        else:
            counts[1] += 1
    return counts


def set_item(xs):
    ys = xs + 0
    for i in range(len(ys)):
        if ys[i] < 0:
            ys[i] = 0
    return ys


def append_in_while(n):
    ys = []
    while n > 0:
        ys.append(n)
        n = n // 2
    return ys


def append_in_branches(xs):
    big, small = [], []
    for x in xs:
        if x > 2:
            big.append(x)
        else:
            small.append(x)
    return big, small


def append_pairs(xs):
    pairs = []
    for i, x in enumerate(xs):
        if x > 0:
            pairs.append((i, x))
    return pairs


def extend_in_loop(xs):
    ys = [0.0]
    for x in xs:
        if x > 0:
            ys.extend([x, -x])
    return ys


def extend_by_tensor(xs):
    ys = []
    ys.extend(xs)
    if xs[0] > 0:
        ys.append(7.0)
    return ys


def pop_last(xs):
    stack = []
    for x in xs:
        if x < 0 and len(stack) > 0:
            stack.pop()
        else:
            stack.append(x)
    return stack


def stack_machine(xs):
    stack = [1.0]
    for x in xs:
        if x > 3:
            top = stack.pop()
            stack.append(top * x)
        elif x > 0:
            stack.append(x)
    total = 0.0
    while len(stack) > 0:
        total = total * 2 + stack.pop()
    return total


def pop_until_empty(n):
    todo = [n]
    seen = 0
    while todo:
        k = todo.pop()
        seen += 1
        if k > 1:
            todo.append(k // 2)
            todo.append(k - 2)
    return seen


def set_by_python_index(x):
    ys = [x, x, x]
    if x > 0:
        ys[1] = x * 2
        ys[-1] += 5
    return ys


def set_by_tensor_index(n):
    counts = [0, 0, 0]
    i = 0
    while i < n:
        counts[i % 3] += i
        i += 1
    return counts


def set_grown_item(xs):
    ys = []
    for x in xs:
        ys.append(x)
    for i in range(len(ys)):
        if ys[i] < 0:
            ys[i] = 0.0
    ys[0] = 9.0
    return ys


def index_list_by_tensor(n):
    table = [10, 20, 30]
    return table[n]


def index_list_by_negative_tensor(n):
    table = [1.5, 2.5, 3.5]
    total = 0.0
    for i in range(n):
        total += table[-i - 1]
    return total


def index_tuple_by_tensor(n, x):
    table = (x, x * 2, 7.0)
    total = 0.0
    for i in range(n):
        total += table[i]
    return total


def index_list_of_vectors(n, xs):
    table = [xs, xs * 2, -xs]
    return table[n]


def len_of_grown(xs):
    ys = []
    for x in xs:
        if x > 0:
            ys.append(x)
        if len(ys) > 1:
            ys.append(-1.0)
    return len(ys)


def average_of_kept(xs):
    kept = []
    for x in xs:
        if x > 0:
            kept.append(x)
    return sum(kept) / max(len(kept), 1)


def last_item(xs):
    ys = []
    for x in xs:
        ys.append(x * 2)
    return ys[-1], ys[0], ys[len(ys) - 2]


def grown_then_sliced(xs):
    ys = []
    for x in xs:
        ys.append(x)
    return ys[1:], ys[:2]


def insert_and_remove(xs):
    ys = [1.0, 2.0]
    if xs[0] > 0:
        ys.insert(0, xs[1])
        ys.pop(1)
    return ys


def fibonacci_table(n):
    fib = [0, 1]
    for i in range(2, n):
        fib.append(fib[i - 1] + fib[-2])
    return fib


def sieve(n):
    prime = []
    for _ in range(n):
        prime.append(True)
    i = 2
    while i * i < n:
        if prime[i]:
            j = i * i
            while j < n:
                prime[j] = False
                j += i
        i += 1
    count = 0
    for k in range(2, n):
        if prime[k]:
            count += 1
    return count


def list_in_dict(xs):
    groups = {"pos": [], "neg": []}
    for x in xs:
        if x > 0:
            groups["pos"].append(x)
        else:
            groups["neg"].append(x)
    return groups


def aliased_list(x):
    a = [x]
    b = a
    if x > 0:
        b.append(x * 2)
        a[0] = 5.0
    return a, b


def list_passed_to_function(xs):
    def add(items, v):
        if v > 0:
            items.append(v)
        return len(items)

    ys = []
    n = 0
    for x in xs:
        n = add(ys, x)
    return ys, n


def concatenated_lists(xs):
    ys = [0.0]
    for x in xs:
        if x > 0:
            ys = ys + [x]
    return ys


def augmented_list(xs):
    ys = []
    for x in xs:
        ys += [x, x + 1]
    return ys


def list_swap_sort(xs):
    ys = [xs[0], xs[1], xs[2], xs[3]]
    for i in range(4):
        for j in range(3 - i):
            if ys[j] > ys[j + 1]:
                ys[j], ys[j + 1] = ys[j + 1], ys[j]
    return ys


def delete_item(xs):
    ys = [xs[0], xs[1], xs[2]]
    if xs[0] > 0:
        del ys[0]
    else:
        del ys[1]
    return ys


def clear_in_branch(xs):
    ys = []
    for x in xs:
        if x < 0:
            ys.clear()
        else:
            ys.append(x)
    return ys


def multiplied_list(n, x):
    ys = [x] * 3
    for i in range(n):
        ys[i] = ys[i] + i
    return ys


def sorted_in_place(x, n):
    xs = [x, 2, 0.5]
    xs.sort()
    if n > 3:
        xs.sort(key=lambda v: -v)
    return xs


PROGRAMS = [
    (append_all, [(v3,), (empty,)]),
    (append_some, [(v3,), (v4,)]),
    (list_state, [(v3,)]),
    (set_item, [(v3,)]),
    (append_in_while, [(np.int64(9),), (np.int64(0),)]),
    (append_in_branches, [(v4,), (empty,)]),
    (append_pairs, [(v4,), (-v3,), (empty,)]),
    (extend_in_loop, [(v3,), (empty,)]),
    (extend_by_tensor, [(v3,), (-v3,)]),
    (pop_last, [(v3,), (v4,), (empty,)]),
    (stack_machine, [(v4,), (v3,), (empty,)]),
    (pop_until_empty, [(np.int64(9),), (np.int64(1),)]),
    (set_by_python_index, [(f(2),), (f(-2),)]),
    (set_by_tensor_index, [(np.int64(8),), (np.int64(0),)]),
    (set_grown_item, [(v3,), (v4,)]),
    (index_list_by_tensor, [(np.int64(0),), (np.int64(2),)]),
    (index_list_by_negative_tensor, [(np.int64(3),), (np.int64(0),)]),
    (index_tuple_by_tensor, [(np.int64(3), f(2)), (np.int64(0), f(2))]),
    (index_list_of_vectors, [(np.int64(0), v3), (np.int64(2), v3)]),
    (len_of_grown, [(v4,), (-v3,), (empty,)]),
    (average_of_kept, [(v4,), (empty,)]),
    (last_item, [(v4,), (v3,)]),
    (grown_then_sliced, [(v4,), (empty,)]),
    (insert_and_remove, [(v3,), (-v3,)]),
    (fibonacci_table, [(np.int64(9),), (np.int64(2),), (np.int64(0),)]),
    (sieve, [(np.int64(30),), (np.int64(3),)]),
    (list_in_dict, [(v4,), (empty,)]),
    (aliased_list, [(f(2),), (f(-2),)]),
    (list_passed_to_function, [(v4,), (empty,)]),
    (concatenated_lists, [(v4,), (empty,)]),
    (augmented_list, [(v4,), (empty,)]),
    (list_swap_sort, [(v4,)]),
    (sorted_in_place, [(f(3), np.int64(2)), (f(-1), np.int64(5))]),
    (delete_item, [(v3,), (-v3,)]),
    (clear_in_branch, [(v4,), (v3,), (empty,)]),
    (multiplied_list, [(np.int64(3), f(2)), (np.int64(0), f(2))]),
]
