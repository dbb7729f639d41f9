"""Numbers of invented persons and units, with the check digits the standards ask for."""

from random import Random

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def id_check(body: str) -> str:
    """The eighteenth digit of an identity number (GB 11643)."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def id_number(draw: Random, born: tuple[int, int, int], gender: str) -> str:
    """An identity number of the region 999999, which does not exist."""
    year, month, day = born
    order = draw.randrange(100, 999)
    order += (order % 2 == 0) == (gender == "男")
    body = f"999999{year}{month:02d}{day:02d}{order:03d}"
    return body + id_check(body)


def wrong_id(number: str) -> str:
    """The same number with a wrong check digit."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def credit_check(body: str) -> str:
    """The eighteenth character of a credit code (GB 32100)."""
    total = sum(_CREDIT.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return _CREDIT[(31 - total % 31) % 31]


def credit_code(draw: Random, head: str) -> str:
    """A credit code of the region 999999; `head` says the authority and the kind of unit."""
    body = head + "999999" + "".join(draw.choice(_CREDIT) for _ in range(9))
    return body + credit_check(body)


def phone(draw: Random) -> str:
    """A number of the block 150000, which is assigned to nobody."""
    return f"150000{draw.randrange(10**5):05d}"
