"""The log of calls to vendors: what was asked of whom, what came of it, and how long it took."""
