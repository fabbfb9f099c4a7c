"""Geodesic distances in whole metres, for the thousands of pairs that joint-branch groups have.

Vincenty's formula agrees with Karney's (geopy) to some nanometres over a few kilometres, in a tenth of its
time; where that could turn the rounding, and far apart, geopy decides.
"""

from __future__ import annotations

import math

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

# WGS 84: half the greater axis in metres, flattening, half the lesser axis.
_AXIS, _FLATTENING = 6_378_137.0, 1 / 298.257223563
_LESSER = _AXIS * (1 - _FLATTENING)
_FAR_METRES = 100_000.0
_HAIR = 1e-6
_MOST_ROUNDS = 20


def whole_metres(one: Point, other: Point) -> int:
    """The geodesic distance of two points, in whole metres."""
    metres = _by_vincenty(one, other)
    if metres is None or metres > _FAR_METRES or abs(metres % 1 - 0.5) < _HAIR:
        from geopy.distance import geodesic

        metres = float(geodesic(one, other).m)
    return round(metres)


# Private


def _by_vincenty(one: Point, other: Point) -> float | None:
    """Metres along the ellipsoid; none where the iteration does not settle (nearly opposite points)."""
    apart = math.radians(other[1] - one[1])
    (sine_1, cosine_1), (sine_2, cosine_2) = _reduced(one[0]), _reduced(other[0])
    turn = apart
    for _ in range(_MOST_ROUNDS):
        across = cosine_2 * math.sin(turn)
        along = cosine_1 * sine_2 - sine_1 * cosine_2 * math.cos(turn)
        sine = math.hypot(across, along)
        if sine == 0:
            return 0.0
        cosine = sine_1 * sine_2 + cosine_1 * cosine_2 * math.cos(turn)
        arc = math.atan2(sine, cosine)
        heading = cosine_1 * cosine_2 * math.sin(turn) / sine
        steep = 1 - heading * heading
        middle = cosine - 2 * sine_1 * sine_2 / steep if steep else 0.0
        bend = _FLATTENING / 16 * steep * (4 + _FLATTENING * (4 - 3 * steep))
        former = turn
        turn = apart + (1 - bend) * _FLATTENING * heading * (
            arc + bend * sine * (middle + bend * cosine * (2 * middle * middle - 1))
        )
        if abs(turn - former) < 1e-15:
            return _arc_metres(steep, sine, cosine, middle, arc)
    return None


def _reduced(latitude: float) -> tuple[float, float]:
    """Sine and cosine of the reduced latitude."""
    angle = math.atan((1 - _FLATTENING) * math.tan(math.radians(latitude)))
    return math.sin(angle), math.cos(angle)


def _arc_metres(steep: float, sine: float, cosine: float, middle: float, arc: float) -> float:
    """Metres of an arc of the auxiliary sphere, by Vincenty's series."""
    u = steep * (_AXIS**2 - _LESSER**2) / _LESSER**2
    a = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)))
    b = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)))
    twice = 2 * middle * middle - 1
    last = b / 6 * middle * (4 * sine * sine - 3) * (4 * middle * middle - 3)
    return _LESSER * a * (arc - b * sine * (middle + b / 4 * (cosine * twice - last)))
