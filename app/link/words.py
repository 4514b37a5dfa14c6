"""What the link page says, in each of its languages."""

from typing import Final

LANGUAGES: Final = ("en", "de")

_EN: Final = {
    "title": "Connect your recruiting system",
    "loading": "Loading …",
    "needs_script": "This page needs JavaScript. Please switch it on and open the link again.",
    "no_token": "This link is not complete. Please open it again from where you got it.",
    "offline": "The server cannot be reached. Check your connection and try again.",
    "choose": "Which system do you use?",
    "choose_text": "{organization} is about to be connected with it.",
    "search": "Search",
    "found": "{count} found",
    "nothing_found": "Nothing of that name.",
    "connect": "Connect {name}",
    "reconnect": "Reconnect {name}",
    "for_whom": "For {organization}",
    "style": "How do you want to connect?",
    "before": "Before you begin",
    "steps": "How to get there",
    "permissions": "Permissions to grant",
    "reading": "To read",
    "writing": "To write",
    "writing_text": "Only needed if records are to be changed from here.",
    "optional": "optional",
    "show": "Show",
    "hide": "Hide",
    "submit": "Connect",
    "checking": "Checking with {name} …",
    "authorize": "Continue to {name}",
    "waiting": "Waiting for {name}",
    "waiting_text": "{name} has opened in another window. Agree there; this page goes on by itself.",
    "back": "Back",
    "close": "Close",
    "done": "{name} is connected",
    "done_text": "Its data is being read now. You can close this window.",
    "not_done": "{name} is not connected",
    "missing": "Please fill this in.",
    "too_long": "This is too long to be right.",
    "refused": "{name} refused this: {detail}",
    "refused_check": "Check what you entered and that it is still valid.",
    "rate_limited": "{name} allows no more requests at the moment. Try again in {seconds} seconds.",
    "unavailable": "{name} cannot be reached at the moment. Nothing was stored; try again in a few minutes.",
    "failed": "{name} answered: {detail}",
    "denied": "You did not agree at {name}, so nothing was connected. Try again if that was a mistake.",
    "pass_on": "Does somebody else have access?",
    "pass_on_text": "Send them this address. It works as long as this page does; keep it to yourselves.",
    "over_unknown": "This link does not work",
    "over_unknown_text": "It is wrong or very old. Please ask for a new one.",
    "over_expired": "This link has expired",
    "over_expired_text": "Please ask for a new one.",
    "over_used": "This link has been used",
    "over_used_text": "The connection was made. For another one, please ask for a new link.",
    "over_stale": "This way back is no longer valid",
    "over_stale_text": "Nothing was connected. Please open your link again and start over.",
    "over_attempts": "Too many attempts",
    "over_attempts_text": "For safety this link no longer works. Please ask for a new one.",
    "not_embeddable": "This page cannot be shown here",
    "not_embeddable_text": "{origin} is not among the origins that may embed it (OMNIATS_LINK_ORIGINS).",
    "secure": "What you enter is sent to {name} to be checked, and stored encrypted.",
}
_DE: Final = {
    "title": "Recruiting-System verbinden",
    "loading": "Wird geladen …",
    "needs_script": "Diese Seite braucht JavaScript. Bitte schalten Sie es ein und öffnen Sie den Link neu.",
    "no_token": "Dieser Link ist nicht vollständig. Bitte öffnen Sie ihn erneut von dort, wo Sie ihn haben.",
    "offline": "Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.",
    "choose": "Welches System verwenden Sie?",
    "choose_text": "{organization} soll damit verbunden werden.",
    "search": "Suchen",
    "found": "{count} gefunden",
    "nothing_found": "Nichts mit diesem Namen.",
    "connect": "{name} verbinden",
    "reconnect": "{name} neu verbinden",
    "for_whom": "Für {organization}",
    "style": "Wie möchten Sie verbinden?",
    "before": "Bevor Sie beginnen",
    "steps": "So geht es",
    "permissions": "Zu erteilende Berechtigungen",
    "reading": "Zum Lesen",
    "writing": "Zum Schreiben",
    "writing_text": "Nur nötig, wenn von hier aus Datensätze geändert werden sollen.",
    "optional": "optional",
    "show": "Zeigen",
    "hide": "Verbergen",
    "submit": "Verbinden",
    "checking": "Wird bei {name} geprüft …",
    "authorize": "Weiter zu {name}",
    "waiting": "Warten auf {name}",
    "waiting_text": "{name} ist in einem anderen Fenster geöffnet. Stimmen Sie dort zu; hier geht es von "
    "selbst weiter.",
    "back": "Zurück",
    "close": "Schließen",
    "done": "{name} ist verbunden",
    "done_text": "Die Daten werden jetzt gelesen. Sie können dieses Fenster schließen.",
    "not_done": "{name} ist nicht verbunden",
    "missing": "Bitte füllen Sie dieses Feld aus.",
    "too_long": "Das ist zu lang, um richtig zu sein.",
    "refused": "{name} lehnt das ab: {detail}",
    "refused_check": "Prüfen Sie, was Sie eingegeben haben und ob es noch gilt.",
    "rate_limited": "{name} lässt im Moment keine weiteren Anfragen zu. Versuchen Sie es in {seconds} "
    "Sekunden erneut.",
    "unavailable": "{name} ist im Moment nicht erreichbar. Es wurde nichts gespeichert; versuchen Sie es in "
    "einigen Minuten erneut.",
    "failed": "{name} antwortet: {detail}",
    "denied": "Sie haben bei {name} nicht zugestimmt, deshalb wurde nichts verbunden. War das ein Versehen, "
    "versuchen Sie es erneut.",
    "pass_on": "Hat jemand anderes den Zugang?",
    "pass_on_text": "Senden Sie dieser Person diese Adresse. Sie gilt so lange wie diese Seite; geben Sie "
    "sie sonst niemandem.",
    "over_unknown": "Dieser Link funktioniert nicht",
    "over_unknown_text": "Er ist falsch oder sehr alt. Bitte fordern Sie einen neuen an.",
    "over_expired": "Dieser Link ist abgelaufen",
    "over_expired_text": "Bitte fordern Sie einen neuen an.",
    "over_used": "Dieser Link wurde schon verwendet",
    "over_used_text": "Die Verbindung besteht. Für eine weitere fordern Sie bitte einen neuen Link an.",
    "over_stale": "Dieser Rückweg gilt nicht mehr",
    "over_stale_text": "Es wurde nichts verbunden. Bitte öffnen Sie Ihren Link erneut und beginnen Sie von "
    "vorn.",
    "over_attempts": "Zu viele Versuche",
    "over_attempts_text": "Zur Sicherheit gilt dieser Link nicht mehr. Bitte fordern Sie einen neuen an.",
    "not_embeddable": "Diese Seite kann hier nicht gezeigt werden",
    "not_embeddable_text": "{origin} gehört nicht zu den Adressen, die sie einbetten dürfen "
    "(OMNIATS_LINK_ORIGINS).",
    "secure": "Ihre Eingaben werden zur Prüfung an {name} gesendet und verschlüsselt gespeichert.",
}
TEXTS: Final = {"en": _EN, "de": _DE}


def chosen(wanted: str | None, accepted: str) -> str:
    """The language of the page.

    Args:
        wanted: what the link token says.
        accepted: the browser's `Accept-Language`, its favourite first.
    """
    if wanted in LANGUAGES:
        return wanted
    favourites = (part.split(";")[0].strip()[:2].lower() for part in accepted.split(","))
    return next((language for language in favourites if language in LANGUAGES), LANGUAGES[0])


def say(language: str, text: str, **values: object) -> str:
    """One of the texts."""
    return TEXTS[language][text].format(**values)
