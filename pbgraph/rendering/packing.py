"""Circles into a circle: how territories are filled. Deterministic; nothing overlaps."""

import math

import numpy as np

_MANY = 90  # above it, rings are used: the tangent search costs the cube of the number


def packed(radii: list[float], *, gap: float) -> list[tuple[float, float]]:
    """Centres for circles around the first, each as near to it as those before allow.

    `gap` is left between any two. The largest after the first should come first. No circle
    gives an empty list.
    """
    if not radii:
        return []
    if len(radii) > _MANY:
        return ringed(radii, gap=gap)
    centres = np.zeros((len(radii), 2))
    sizes = np.asarray(radii, dtype=float) + gap / 2
    for index in range(1, len(radii)):
        if index == 1:
            centres[1] = (sizes[0] + sizes[1], 0.0)
            continue
        centres[index] = _nearest_free(centres[:index], sizes[:index], sizes[index])
    return [(round(float(x), 2), round(float(y), 2)) for x, y in centres]


def _nearest_free(centres: np.ndarray, sizes: np.ndarray, size: float) -> np.ndarray:
    """Of the places that touch two circles and overlap none, the one nearest to the first."""
    left, right = np.triu_indices(len(centres), k=1)
    reach_left, reach_right = sizes[left] + size, sizes[right] + size
    between = centres[right] - centres[left]
    distance = np.hypot(between[:, 0], between[:, 1])
    close = distance < reach_left + reach_right
    left, between, distance = left[close], between[close], distance[close]
    reach_left, reach_right = reach_left[close], reach_right[close]
    along = (distance**2 + reach_left**2 - reach_right**2) / (2 * distance)
    aside = np.sqrt(np.maximum(reach_left**2 - along**2, 0))
    unit = between / distance[:, None]
    foot = centres[left] + unit * along[:, None]
    normal = np.column_stack([-unit[:, 1], unit[:, 0]]) * aside[:, None]
    places = np.vstack([foot + normal, foot - normal])
    apart = np.hypot(places[:, None, 0] - centres[None, :, 0], places[:, None, 1] - centres[None, :, 1])
    is_free = (apart >= sizes[None, :] + size - 1e-6).all(axis=1)
    free = places[is_free]
    far = np.round(np.hypot(free[:, 0] - centres[0, 0], free[:, 1] - centres[0, 1]), 4)
    chosen: np.ndarray = free[np.lexsort((free[:, 0], free[:, 1], far))[0]]
    return chosen


def ringed(radii: list[float], *, gap: float) -> list[tuple[float, float]]:
    """Centres on rings around the first circle, in the order given."""
    places = [(0.0, 0.0)]
    inner, index = radii[0], 1
    while index < len(radii):
        widest = radii[index]
        ring = inner + gap + widest
        step = 2 * math.asin(min(1.0, (widest + gap / 2) / ring))
        n_places = max(1, min(int(2 * math.pi / step), len(radii) - index))
        for place in range(n_places):
            angle = 2 * math.pi * place / n_places
            places.append((round(ring * math.cos(angle), 2), round(ring * math.sin(angle), 2)))
        inner, index = ring + widest, index + n_places
    return places


def sunflower(n: int, *, radius: float, gap: float) -> list[tuple[float, float]]:
    """Places for `n` equal circles in a round tray, even and without a centre of their own."""
    spread = (2 * radius + gap) * 0.56
    turn = math.pi * (3 - math.sqrt(5))
    return [
        (
            round(spread * math.sqrt(i + 0.5) * math.cos(i * turn), 2),
            round(spread * math.sqrt(i + 0.5) * math.sin(i * turn), 2),
        )
        for i in range(n)
    ]


def enclosing(places: list[tuple[float, float]], radii: list[float]) -> float:
    """The radius around the origin that holds every circle; 0 for none."""
    return max((math.hypot(x, y) + r for (x, y), r in zip(places, radii, strict=True)), default=0.0)


def middle(places: list[tuple[float, float]], radii: list[float]) -> tuple[tuple[float, float], float]:
    """Centre and radius of a small circle that holds every circle; ((0, 0), 0) for none.

    Moves towards the farthest circle by ever smaller steps (Badoiu and Clarkson 2003).
    """
    if not places:
        return (0.0, 0.0), 0.0
    centres, sizes = np.asarray(places, dtype=float), np.asarray(radii, dtype=float)
    centre = centres.mean(axis=0)
    for step in range(1, 120):
        reach = np.hypot(*(centres - centre).T) + sizes
        far = int(reach.argmax())
        centre = centre + (centres[far] - centre) / (step + 1)
    return (float(centre[0]), float(centre[1])), float((np.hypot(*(centres - centre).T) + sizes).max())
