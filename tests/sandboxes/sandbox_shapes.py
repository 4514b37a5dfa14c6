"""How answers of a sandbox differ from the vendor's samples in keys and JSON types."""

from typing import Any

OPEN_KEYS = {"custom_fields", "keyed_custom_fields", "submittedValues"}


def kind(value: Any) -> str:
    return "number" if type(value) in (int, float) else type(value).__name__


def differences(
    expected: Any, ours: list[Any], at: str = "", optional: frozenset[str] = frozenset()
) -> list[str]:
    """Where the values we give for one place of the sample differ from it in keys or types.

    Optional keys need be in one of ours only.
    """
    if expected is None:
        return []
    kinds = {kind(value) for value in ours} - {"NoneType"}
    if kinds != {kind(expected)}:
        return [f"{at}: {kinds or 'nothing but null'} instead of {kind(expected)}"]
    ours = [value for value in ours if value is not None]
    if isinstance(expected, list):
        inside = [entry for value in ours for entry in value]
        return [line for entry in expected for line in differences(entry, inside, f"{at}[]", optional)]
    if not isinstance(expected, dict) or at.rpartition(".")[2] in OPEN_KEYS:
        return []
    lines = []
    for key, value in expected.items():
        missing = [entry for entry in ours if key not in entry]
        lines += [f"{at}.{key}: missing"] if missing and key not in optional else []
        lines += differences(value, [entry[key] for entry in ours if key in entry], f"{at}.{key}", optional)
    return lines
