"""Why an exchange could not be read: one table of machine codes, HTTP statuses and sentences."""

from enum import Enum


class Reason(Enum):
    """A way for an exchange to be wrong: `code` for machines, HTTP `status`, `sentence` for people."""

    BODY_EMPTY = ("body_empty", 400, "the request has no body")
    BODY_TOO_LARGE = ("body_too_large", 413, "the body is larger than the limit")
    BODY_TRUNCATED = ("body_truncated", 413, "the body did not arrive whole")
    BODY_ENCODED = ("body_encoded", 415, "the body has a content-encoding; send it plain")
    CONTENT_TYPE = ("content_type", 415, "the content-type is not the one this API takes")
    NOT_UTF8 = ("not_utf8", 400, "the body is not valid UTF-8")
    BYTE_ORDER_MARK = ("byte_order_mark", 400, "the body starts with a byte order mark")
    NOT_JSON = ("not_json", 400, "the body is not one JSON document")
    TRAILING_DATA = ("trailing_data", 400, "something follows the JSON document")
    DUPLICATE_KEY = ("duplicate_key", 400, "an object has the same key twice")
    NOT_MULTIPART = ("not_multipart", 400, "the form is not one that every parser reads alike")
    NOT_A_NUMBER = ("not_a_number", 400, "NaN and Infinity are not JSON")
    NUMBER_RANGE = ("number_range", 400, "a number is too large to be read alike everywhere")
    TOO_DEEP = ("too_deep", 400, "the JSON document is nested too deeply")
    LONE_SURROGATE = ("lone_surrogate", 400, "a string has half of a surrogate pair")
    NOT_AN_OBJECT = ("not_an_object", 400, "the JSON document is not an object")
    FIELD_MISSING = ("field_missing", 400, "a required field is missing")
    FIELD_TYPE = ("field_type", 400, "a field has the wrong type")
    FIELD_VALUE = ("field_value", 400, "a field has a value this API does not define")
    TOO_MANY_PARTS = ("too_many_parts", 400, "the request has more parts than can be inspected")
    UNKNOWN_DESTINATION = ("unknown_destination", 403, "no provider is configured for this path")
    UNKNOWN_ROUTE = ("unknown_route", 403, "no codec reads this method and path")
    UPLOAD_PARTS = ("upload_parts", 403, "an upload in parts cannot be read as a whole; send the file to /v1/files")
    QUERY = ("query", 400, "the query string cannot be read")
    QUERY_CREDENTIAL = ("query_credential", 400, "a credential is not taken in the query; send it in a header")
    CALLER_CERTIFICATE = ("caller_certificate", 403, "the caller's certificate does not name one workload")
    CALLER_TOKEN = ("caller_token", 403, "the caller's token is missing or not valid")
    CALLER_UNAVAILABLE = ("caller_unavailable", 503, "who calls could not be checked; the request was not sent")
    RESPONSE_ENCODED = ("response_encoded", 502, "the provider's response has a content-encoding")
    RESPONSE_TYPE = ("response_type", 502, "the provider's response has a content-type that no codec reads")
    RESPONSE_TOO_LARGE = ("response_too_large", 502, "the provider's response has a piece larger than the limit")
    RESPONSE_FRAMING = ("response_framing", 502, "the provider's response is not framed as its content-type says")
    RESPONSE_INCOMPLETE = ("response_incomplete", 502, "the provider's response ended in the middle of a piece")
    MALFORMED_CHECK = ("malformed_check", 400, "the proxy's check request lacks what it must carry")

    @property
    def unproven(self) -> bool:
        """Nobody knows who calls. That is no matter of the policy: it refuses in shadow mode too."""
        return self in (Reason.CALLER_CERTIFICATE, Reason.CALLER_TOKEN, Reason.CALLER_UNAVAILABLE)

    def __init__(self, code: str, status: int, sentence: str) -> None:
        self.code = code
        self.status = status
        self.sentence = sentence
