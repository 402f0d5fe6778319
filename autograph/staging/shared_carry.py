"""What parts of a loop's carry may be one object from the second trip on, as the body's results show."""

from __future__ import annotations

from typing import Any

from autograph.runtime.trace import Trace
from autograph.staging.aliases import Place, identities, inner_parts
from autograph.staging.forms import DIVERGED
from autograph.staging.paths import Path

Spot = tuple[int, Place]
_TRIALS = 3


class _Shared:
    """Stands for an object that a trip makes and hands on under several names."""


class SharedCarry:
    """Collects, trial by trip, which objects each spot of the carry may hold besides those at the start."""

    def __init__(self) -> None:
        self._found: dict[Spot, dict[int, Any]] = {}
        self._tokens: dict[tuple[Spot, ...], _Shared] = {}
        self._before: dict[int, Any] = {}
        self._trials = 0

    def found_in(self, starts: list[Any], outputs: list[Any], path: Path) -> bool:
        """Notes what a trial's results share; whether that is news, so that another trial is due."""
        aliases = path.aliases
        assert aliases is not None
        spots: dict[int, list[Spot]] = {}
        origins: dict[int, Any] = {}
        for index, output in enumerate(outputs):
            if output is DIVERGED or output is starts[index] or aliases.is_slot(starts[index]):
                continue
            for place, obj in identities(output, path.content):
                for key, origin in aliases.origins(obj).items():
                    spots.setdefault(key, []).append((index, place))
                    origins[key] = origin
        news = [self._note(spots[key], origin) for key, origin in origins.items()]
        unseen = origins.keys() - self._before.keys()
        self._before = origins
        self._trials += 1
        return any(news) or (bool(unseen) and self._trials < _TRIALS)  # what a trip makes is another in each trial

    def _note(self, spots: list[Spot], origin: Any) -> bool:
        if id(origin) not in self._before:  # made by the trip, as far as is known
            if len(spots) < 2:
                return False
            origin = self._tokens.setdefault(tuple(spots), _Shared())
        fresh = [spot for spot in spots if id(origin) not in self._found.get(spot, {})]
        for spot in fresh:
            self._found.setdefault(spot, {})[id(origin)] = origin
        return bool(fresh)

    def forget(self, kept: int) -> None:
        """Forgets what is known of all but the first results, which are other ones from now on."""
        self._found = {spot: origins for spot, origins in self._found.items() if spot[0] < kept}
        self._tokens, self._before = {}, {}

    def join(self, values: list[Any], trace: Trace) -> None:
        """Tells which objects the carry of a trip, or of the loop's end, may be."""
        if trace.journal is None:
            return
        for (index, place), origins in self._found.items():
            value = values[index]
            for step in place:
                parts = inner_parts(value)
                value = parts[step] if step < len(parts) else None
            if value is not None:
                aliases = trace.journal.aliases
                aliases.join(value, {**aliases.origins(value), **origins})
