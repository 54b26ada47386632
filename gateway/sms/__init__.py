"""SMS PDUs without I/O: alphabets, addresses, headers, split, submit, deliver, report.

3GPP TS 23.038 and TS 23.040. Faults are `gateway.domain.errors.EncodeError` and ``DecodeError``,
which name the field and, where known, the octet.
"""

from gateway.sms.address import Address, NumberType, address_of
from gateway.sms.coding import Alphabet, Coding, MessageClass
from gateway.sms.compose import encode_submits
from gateway.sms.deliver import Deliver, decode_deliver
from gateway.sms.frame import EncodedPdu
from gateway.sms.header import Concat, Element, Header, Ports
from gateway.sms.join import GAP, join_parts
from gateway.sms.split import PartCount, count_parts, split_text
from gateway.sms.status_report import StatusReport, decode_status_report
from gateway.sms.submit import Submit, decode_submit
from gateway.sms.userdata import UserData
from gateway.sms.validity import Validity, ValidityFormat
from gateway.sms.verdict import ReportVerdict, describe_status, verdict_of
from gateway.sms.waiting import Waiting

__all__ = [
    "GAP",
    "Address",
    "Alphabet",
    "Coding",
    "Concat",
    "Deliver",
    "Element",
    "EncodedPdu",
    "Header",
    "MessageClass",
    "NumberType",
    "PartCount",
    "Ports",
    "ReportVerdict",
    "StatusReport",
    "Submit",
    "UserData",
    "Validity",
    "ValidityFormat",
    "Waiting",
    "address_of",
    "count_parts",
    "decode_deliver",
    "decode_status_report",
    "decode_submit",
    "describe_status",
    "encode_submits",
    "join_parts",
    "split_text",
    "verdict_of",
]
