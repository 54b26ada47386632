"""A text to the PDUs that carry it.

What the dispatcher calls: alphabet, split, header, flags. Pure and deterministic, so that a part is
encoded again after a restart exactly as it was before.
"""

from __future__ import annotations

from datetime import timedelta

from gateway.domain.errors import EncodeError
from gateway.sms import coding
from gateway.sms.address import address_of
from gateway.sms.coding import Alphabet
from gateway.sms.frame import EncodedPdu
from gateway.sms.header import MAX_REFERENCE_8, Concat, Header, concat_element
from gateway.sms.split import MAX_PARTS, encode_content, split_with_alphabet
from gateway.sms.submit import Submit
from gateway.sms.userdata import UserData
from gateway.sms.validity import Validity, ValidityFormat

_CODINGS = {Alphabet.GSM7: coding.GSM7, Alphabet.UCS2: coding.UCS2}


def encode_submits(
    *,
    to: str,
    text: str,
    reference: int,
    report: bool,
    validity: timedelta | None,
    reject_duplicates: bool = False,
    smsc: str | None = None,
) -> tuple[EncodedPdu, ...]:
    """Return the PDUs of a text, one a part, in the order in which they are to be sent.

    Args:
        to: E.164 with ``+``, or the digits of a national number or a short code.
        text: any text; in GSM-7 when all of it is in that alphabet, in UTF-16 otherwise.
        reference: 0 to 65535, the same for all parts of this text and another for the next one to
            the same person. Up to 255 it takes 8 bits on the wire, above 16. Unused in one part.
        report: TP-SRR in every part: some networks want it in each.
        validity: what is left until the text is worthless; None leaves it to the network. It is
            rounded down to what the relative format can state, but not below 5 minutes.
        reject_duplicates: TP-RD, for a part that is handed over again.
        smsc: the service centre's number; None leaves the modem's own.

    Raises:
        EncodeError: the number is none, the text holds half a surrogate pair or takes more than
            255 parts, the reference is out of range, or the validity is not positive.
    """
    return tuple(
        encode_submit(
            content,
            to=to,
            report=report,
            validity=validity,
            reject_duplicates=reject_duplicates,
            smsc=smsc,
        )
        for content in divide_text(text, reference)
    )


def encode_submit(
    content: UserData,
    *,
    to: str,
    report: bool,
    validity: timedelta | None,
    reject_duplicates: bool = False,
    smsc: str | None = None,
) -> EncodedPdu:
    """Return the PDU of one part of `divide_text`; the rest is as of `encode_submits`.

    Raises:
        EncodeError: the number is none, or the validity is not positive.
    """
    return Submit(
        destination=address_of(to),
        user_data=content,
        report=report,
        reject_duplicates=reject_duplicates,
        validity=_relative(validity),
        smsc=None if smsc is None else address_of(smsc, field="SMSC"),
    ).encode()


def divide_text(text: str, reference: int) -> tuple[UserData, ...]:
    """Return what the parts of a text carry, as of `encode_submits`.

    Raises:
        EncodeError: the text holds half a surrogate pair or takes more than 255 parts, or the
            reference is out of range.
    """
    if not 0 <= reference <= 0xFFFF:
        raise EncodeError("UDH", f"reference {reference} is not from 0 to 65535")
    width = 8 if reference <= MAX_REFERENCE_8 else 16
    alphabet, parts = split_with_alphabet(text, reference_width=width)
    if len(parts) > MAX_PARTS:
        raise EncodeError("TP-UD", f"takes {len(parts)} parts, {MAX_PARTS} are possible")
    headers = _headers(len(parts), reference, width)
    return tuple(
        UserData(coding=_CODINGS[alphabet], header=header, content=encode_content(part, alphabet))
        for header, part in zip(headers, parts, strict=True)
    )


def _headers(total: int, reference: int, width: int) -> list[Header]:
    if total == 1:
        return [Header()]
    places = (
        Concat(reference=reference, total=total, sequence=sequence, width=width)
        for sequence in range(1, total + 1)
    )
    return [Header((concat_element(place),)) for place in places]


def _relative(validity: timedelta | None) -> Validity | None:
    if validity is None:
        return None
    return Validity(format=ValidityFormat.RELATIVE, period=validity)
