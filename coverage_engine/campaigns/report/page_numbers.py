"""Numbers as the report page writes them."""


def whole(value: float) -> str:
    """A number of enterprises."""
    return f"{round(value):,}"


def signed(value: float) -> str:
    """A difference with its sign."""
    return f"{round(value):+,}" if round(value) else "0"


def percent(share: float) -> str:
    """A chance in percent; never 0 or 100 where it is not."""
    if 0 < share < 0.01:
        return "<1"
    if 0.99 < share < 1:
        return ">99"
    return f"{share * 100:.0f}"
