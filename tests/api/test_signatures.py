"""Who signed a request. Source: IAM User Guide, "AWS Signature Version 4 for API requests"; Developer Guide, "Error handling".

Every refusal is a 400 with the service's own words.
"""

import datetime
import hashlib

import botocore.auth
import botocore.awsrequest
import pytest
from server import REGION, Wire, client
from support import refused

CORAL = "com.amazon.coral.service#"

pytestmark = pytest.mark.not_on("local")


@pytest.fixture
def signed(wire):
    """signed(change) signs a ListTables call, lets `change` spoil its headers, and sends it."""

    def run(change=lambda headers: None, body=b"{}", sent=None):
        headers = wire.signed_headers(
            body,
            {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables", "Host": wire.url.netloc},
        )
        change(headers)
        return wire.send(sent or body, headers=headers, sign=False)

    return run


def replaced(name, old, new):
    def change(headers):
        assert old in headers[name]
        headers[name] = headers[name].replace(old, new)

    return change


def test_a_signed_request_passes(signed):
    assert signed().status == 200


def test_commas_need_no_blanks(signed):
    assert signed(replaced("Authorization", ", ", ",")).status == 200


def test_an_unsigned_request_is_refused(wire):
    reply = wire.send("{}", "ListTables", sign=False)
    assert reply.status == 400
    assert reply.type() == CORAL + "MissingAuthenticationTokenException"
    assert reply.message() == "Request is missing Authentication Token"


def test_another_scheme_counts_as_unsigned(signed):
    reply = signed(lambda headers: headers.update({"Authorization": "Bearer abc"}))
    assert reply.type() == CORAL + "MissingAuthenticationTokenException"


def test_parts_that_are_missing_are_named(signed):
    reply = signed(lambda headers: headers.update({"Authorization": "AWS4-HMAC-SHA256 "}))
    assert reply.type() == CORAL + "IncompleteSignatureException"
    for part in ("Credential", "Signature", "SignedHeaders"):
        assert f"Authorization header requires '{part}' parameter. " in reply.message()


def test_another_algorithm_is_refused(signed):
    reply = signed(replaced("Authorization", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA25"))
    assert reply.type() == CORAL + "IncompleteSignatureException"
    assert "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). " in reply.message()


SIGNATURE_DOES_NOT_MATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing "
    "method. Consult the service documentation for details."
)


def test_another_body_does_not_match_the_signature(signed):
    reply = signed(sent=b'{"Limit": 1}')
    assert reply.type() == CORAL + "InvalidSignatureException"
    assert reply.message().startswith(SIGNATURE_DOES_NOT_MATCH)


def test_another_secret_does_not_match_the_signature(endpoint):
    with refused("InvalidSignatureException", SIGNATURE_DOES_NOT_MATCH):
        client(endpoint, secret="another-secret").list_tables()


@pytest.mark.parametrize("name", ["X-Amz-Target", "X-Amz-Date"])
def test_a_signed_header_may_not_change(signed, name):
    def change(headers):
        if name == "X-Amz-Target":
            headers[name] = headers[name].replace("ListTables", "DescribeLimits")
        else:
            seconds = int(headers[name][-3:-1])
            headers[name] = f"{headers[name][:-3]}{(seconds + 1) % 60:02}Z"

    reply = signed(change)
    assert reply.type() == CORAL + "InvalidSignatureException"


def test_an_unknown_key_is_unrecognized(endpoint):
    with refused("UnrecognizedClientException", "The security token included in the request is invalid."):
        client(endpoint, access_key_id="AKIDNOBODYKNOWSTHIS1").list_tables()


@pytest.mark.parametrize("minutes, text", [(-20, "Signature expired: "), (20, "Signature not yet current: ")])
def test_a_clock_may_be_off_by_15_minutes(wire, minutes, text):
    class Shifted(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return datetime.datetime.utcnow() + datetime.timedelta(minutes=minutes)

    original = botocore.auth.datetime
    try:
        botocore.auth.datetime = type("module", (), {"datetime": Shifted})
        reply = wire.send("{}", "ListTables")
    finally:
        botocore.auth.datetime = original
    assert reply.type() == CORAL + "InvalidSignatureException"
    assert reply.message().startswith(text)


def test_the_date_is_a_date(signed):
    reply = signed(lambda headers: headers.update({"X-Amz-Date": "201"}))
    assert reply.type() == CORAL + "IncompleteSignatureException"
    assert reply.message().startswith("Date must be in ISO-8601 'basic format'. Got '201'.")


def test_the_scope_names_the_service(signed):
    reply = signed(replaced("Authorization", "/dynamodb/", "/s3/"))
    assert reply.type() == CORAL + "InvalidSignatureException"
    assert "Credential should be scoped to correct service: 'dynamodb'. " in reply.message()


def test_the_scope_ends_as_it_should(signed):
    reply = signed(replaced("Authorization", "/aws4_request", "/aws5_request"))
    assert reply.type() == CORAL + "InvalidSignatureException"
    assert "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. " in reply.message()


def test_the_scope_has_five_parts(signed):
    reply = signed(replaced("Authorization", "/aws4_request", ""))
    assert reply.type() == CORAL + "IncompleteSignatureException"
    assert "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" in reply.message()


def test_header_and_query_do_not_mix(wire):
    reply = wire.send("{}", "ListTables", path="/?X-Amz-Algorithm=AWS4-HMAC-SHA256")
    assert reply.type() == CORAL + "InvalidSignatureException"
    assert reply.message() == "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."


class QueryAuthOverBody(botocore.auth.SigV4QueryAuth):
    """botocore takes a body for more query parameters; this signs it as it is."""

    body = b"{}"

    def payload(self, request):
        return hashlib.sha256(self.body).hexdigest()


def test_a_request_may_be_signed_in_its_query(wire):
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables", "Host": wire.url.netloc}
    request = botocore.awsrequest.AWSRequest(method="POST", url=wire.endpoint + "/", headers=headers)
    QueryAuthOverBody(wire.credentials, "dynamodb", REGION, expires=60).add_auth(request)
    path = request.url[len(wire.endpoint) :]
    reply = wire.send(QueryAuthOverBody.body, headers=headers, path=path, sign=False)
    assert reply.status == 200, reply.body


def test_authentication_comes_before_the_body_is_understood(endpoint):
    stranger = Wire(endpoint, access_key_id="AKIDNOBODYKNOWSTHIS1")
    reply = stranger.send('{"TableName": 5}', "GetItem")
    assert reply.type() == CORAL + "UnrecognizedClientException"
