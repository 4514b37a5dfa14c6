"""When an account is synchronised again: each at its own place in the interval."""

from uuid import UUID


def until_next(account_id: str, interval: int, moment: float) -> float:
    """The seconds until an account's next synchronisation.

    Its place in the interval follows from its id. Accounts that were linked in one minute, or all became due
    while the service or a vendor was away, are so spread over the interval soon after.

    Args:
        account_id: the linked account.
        interval: seconds between two synchronisations.
        moment: now, in seconds.

    Returns:
        The seconds to its place; where that is less than half of the interval away, or more than the whole,
        another number in between.
    """
    place = UUID(account_id).int % (interval * 1000) / 1000
    half = interval / 2
    wait = half + (place - moment - half) % interval  # to the first place that is not too soon
    return wait if wait <= interval else wait - half
