"""Every provider omniats knows, by its slug."""

from providers.greenhouse import GREENHOUSE
from providers.kit import Provider

PROVIDERS: dict[str, Provider] = {provider.slug: provider for provider in (GREENHOUSE,)}
