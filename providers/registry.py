"""Every provider omniats knows, by its slug."""

from providers.ashby import ASHBY
from providers.greenhouse import GREENHOUSE
from providers.kit import Provider
from providers.lever import LEVER
from providers.workday import WORKDAY

PROVIDERS: dict[str, Provider] = {provider.slug: provider for provider in (GREENHOUSE, LEVER, ASHBY, WORKDAY)}

EXAMPLE = GREENHOUSE  # whom the examples in descriptions name


def named(name: str) -> list[Provider]:
    """The providers of a name or slug, whatever its case: none or one."""
    wanted = name.casefold()
    return [p for p in PROVIDERS.values() if wanted in (p.slug, p.name.casefold())]
