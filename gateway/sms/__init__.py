"""SMS PDUs without I/O: alphabets, addresses, headers, split, submit, deliver, report.

3GPP TS 23.038 and TS 23.040. Faults are `gateway.domain.errors.EncodeError` and ``DecodeError``,
which name the field and, where known, the octet.
"""

from gateway.sms.address import Address, NumberType, address_of
from gateway.sms.coding import Alphabet, Coding, MessageClass, WaitingKind
from gateway.sms.command import Command, decode_command
from gateway.sms.compose import divide_text, encode_submit, encode_submits
from gateway.sms.deliver import Deliver, decode_deliver
from gateway.sms.deliver_report import DeliverReport, decode_deliver_report
from gateway.sms.email import Email
from gateway.sms.frame import EncodedPdu
from gateway.sms.header import Concat, Element, Header, Ports
from gateway.sms.join import GAP, join_parts
from gateway.sms.languages import Language
from gateway.sms.parameters import Parameters
from gateway.sms.pdu import Direction, Pdu, decode_pdu
from gateway.sms.split import PartCount, count_parts, split_text
from gateway.sms.status_report import StatusReport, decode_status_report
from gateway.sms.submit import Submit, decode_submit
from gateway.sms.submit_report import SubmitReport, decode_submit_report
from gateway.sms.userdata import UserData
from gateway.sms.ussd import pack_ussd, read_ussd_text, ucs2_ussd
from gateway.sms.validity import Validity, ValidityFormat
from gateway.sms.verdict import ReportVerdict, describe_status, remark_of, verdict_of
from gateway.sms.waiting import Waiting

__all__ = [
    "GAP",
    "Address",
    "Alphabet",
    "Coding",
    "Command",
    "Concat",
    "Deliver",
    "DeliverReport",
    "Direction",
    "Element",
    "Email",
    "EncodedPdu",
    "Header",
    "Language",
    "MessageClass",
    "NumberType",
    "Parameters",
    "PartCount",
    "Pdu",
    "Ports",
    "ReportVerdict",
    "StatusReport",
    "Submit",
    "SubmitReport",
    "UserData",
    "Validity",
    "ValidityFormat",
    "Waiting",
    "WaitingKind",
    "address_of",
    "count_parts",
    "decode_command",
    "decode_deliver",
    "decode_deliver_report",
    "decode_pdu",
    "decode_status_report",
    "decode_submit",
    "decode_submit_report",
    "describe_status",
    "divide_text",
    "encode_submit",
    "encode_submits",
    "join_parts",
    "pack_ussd",
    "read_ussd_text",
    "remark_of",
    "split_text",
    "ucs2_ussd",
    "verdict_of",
]
