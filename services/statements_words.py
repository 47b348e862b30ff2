"""The words of the checker and of the comparison on the check page, as templates for scripts."""

import re

from rules.texts import N_

WORDS = {
    "title": N_("Check a certificate without the internet"),
    "lead": N_("Nothing that you enter leaves this device."),
    "input": N_("Text of the QR code"),
    "input_help": N_("Paste it, or scan it with a hand scanner; it ends in a long row of digits."),
    "check": N_("Check"),
    "photo": N_("Photo of the QR code"),
    "camera": N_("Use the camera"),
    "camera_failed": N_("The camera cannot be used here. Take a photo, or paste the text."),
    "no_detector": N_(
        "This browser cannot read QR codes. Scan the code with a phone and paste its text."
    ),
    "no_code": N_("No QR code was found in the photo."),
    "lists": N_("Status list (file, not needed)"),
    "lists_help": N_("It says what was revoked until its date."),
    "bad_list": N_("This file is no status list that these keys have signed: %(file)s"),
    "old_browser": N_(
        "This browser is too old to check signatures, or the page came without https."
    ),
    "held_keys": N_("Keys in this checker"),
    "made_on": N_("This checker was made on %(day)s. It does not know what was revoked later."),
    "malformed": N_("This is no statement of a certificate"),
    "malformed_text": N_("The text is incomplete, or of something else. Scan the code once more."),
    "unknown_key": N_("Signed with a key that is not known here"),
    "unknown_key_text": N_(
        "It says what stands below, but nobody here can tell who said it. Either the key is newer "
        "than this checker, or the paper is not genuine. Ask the issuing bodies."
    ),
    "altered": N_("Altered: the signature does not fit"),
    "altered_text": N_("Somebody has changed what the code says. Do not trust this paper."),
    "signed": N_("The signature is right: the issuer has stated this"),
    "signed_text": N_("Compare every line with the paper. If one differs, the paper was altered."),
    "revoked": N_("Revoked"),
    "revoked_text": N_("The issuer stated this once and has revoked it. It no longer counts."),
    "suspended": N_("Newer results have replaced those behind it"),
    "suspended_text": N_("Ask the issuing bodies whether this certificate still counts."),
    "compromised": N_("Signed with a key that others may have had"),
    "compromised_text": N_(
        "The key was reported as compromised, from %(day)s on. Ask the issuing bodies, or look the "
        "number up in their register."
    ),
    "kind": N_("Certificate"),
    "name": N_("Name"),
    "edition": N_("Contest"),
    "event": N_("Event"),
    "division": N_("Division"),
    "award": N_("Award"),
    "honours": N_("Honours"),
    "issuers": N_("Issued by"),
    "date": N_("Date"),
    "number": N_("Number"),
    "key": N_("Key"),
    "key_from": N_("%(key)s, in use since %(day)s"),
    "key_span": N_("%(key)s, in use from %(day)s to %(until)s"),
    "digest": N_("Digest of the facts"),
    "place": N_("Place in the status lists"),
    "place_text": N_("list %(list)s, place %(index)s"),
    "status": N_("State"),
    "status_clear": N_("not revoked, as of %(time)s"),
    "status_revoked": N_("revoked, as of %(time)s"),
    "status_suspended": N_("replaced by newer results, as of %(time)s"),
    "status_unknown": N_("not known: no status list for it is loaded here"),
    "shortened": N_("The statement was shortened: texts that end in … stand in full on the paper."),
    "agrees": N_("The code on the paper says the same as the register"),
    "agrees_text": N_("It was signed with key %(key)s, and every line agrees."),
    "differs": N_("The code on the paper says something else than the register"),
    "differs_text": N_("Somebody has put another code on this paper. What differs:"),
    "differs_line": N_("%(label)s: the code says “%(code)s”, the register says “%(register)s”"),
    "foreign_text": N_("The code is not signed as the register knows it. Do not trust this paper."),
    "cannot_text": N_("This browser cannot check the signature; compare the lines above by eye."),
}


def plain(text: str) -> str:
    """Return a text with the marks that scripts fill in: {day} in place of those of Python."""
    return re.sub(r"%\((\w+)\)s", r"{\1}", text)
