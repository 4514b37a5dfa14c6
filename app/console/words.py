"""What the console says in more than one place."""

DONE = {
    "resync": "Everything is being read again. The lists below show how far it is.",
    "resolved": "The issue is resolved. It opens again when the problem comes back.",
    "replay": "The delivery is under way once more.",
    "replay-failed": "All failed deliveries are under way once more.",
    "enabled": "The webhook is active again; what has waited is being delivered.",
}
"""What has been done, by the word in the address."""

STATES = {
    "COMPLETE": "linked",
    "RELINK_NEEDED": "link again",
    "IDLE": "rests",
    "SYNCING": "reading",
    "DONE": "done",
    "FAILED": "failed",
    "DISABLED": "off",
    "PAUSED": "paused",
    "PARTIALLY_SYNCED": "in part",
    "ACTIVE": "active",
    "INACTIVE": "switched off",
    "PENDING": "waits",
    "DELIVERED": "delivered",
    "ONGOING": "open",
    "RESOLVED": "resolved",
}
TONES = {
    "COMPLETE": "good",
    "DONE": "good",
    "ACTIVE": "good",
    "DELIVERED": "good",
    "RESOLVED": "good",
    "RELINK_NEEDED": "bad",
    "FAILED": "bad",
    "ONGOING": "bad",
    "SYNCING": "busy",
    "PENDING": "busy",
    "PARTIALLY_SYNCED": "warn",
}
"""How good a state is; one that is not here is neither."""
