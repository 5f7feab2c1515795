#!/usr/bin/env python3
"""Writes tests/vectors/sigv4/*.txt: requests signed by botocore, as a server would receive them.

Run it with a Python that has botocore (Debian: python3-botocore); it rewrites every vector and needs no network.
One vector is a plain file of "name: value" lines: when it was signed, with what, the request as sent (the body in
hexadecimal) and botocore's canonical request, one "canonical:" line for each of its lines.
"""
import datetime
import pathlib

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2015, 8, 30, 12, 36, 0)
KEY_ID = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQW=="
TARGET = {"X-Amz-Target": "DynamoDB_20120810.PutItem", "Content-Type": "application/x-amz-json-1.0"}
BODY = '{"TableName":"Orders","Item":{"id":{"S":"h\u00e9llo \U0001f600"}}}'.encode()


class FixedTime(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return NOW


def vector(name, method="POST", target="/", host="localhost:8000", headers=None, body=b"", token=None, presign=None,
           region="us-east-1", service="dynamodb"):
    credentials = Credentials(KEY_ID, SECRET, token)
    request = AWSRequest(method=method, url=f"http://{host}{target}", data=body)
    sent = [("Host", host)] + list((headers or {}).items() if not isinstance(headers, list) else headers)
    for header, value in sent:
        request.headers.add_header(header, value)
    if presign is None:
        auth = botocore.auth.SigV4Auth(credentials, service, region)
    else:
        auth = botocore.auth.SigV4QueryAuth(credentials, service, region, expires=presign)
    canonical = []
    make_canonical = auth.canonical_request
    auth.canonical_request = lambda r: canonical.append(make_canonical(r)) or canonical[-1]
    auth.add_auth(request)
    body = request.data or b""  # Presigning moves JSON objects from the body to the query.
    sent_target = request.url[len(f"http://{host}"):]
    added = [(n, v) for n, v in request.headers.items() if n in ("X-Amz-Date", "X-Amz-Security-Token", "Authorization")]

    lines = [f"now: {NOW:%Y%m%dT%H%M%SZ}", f"access_key_id: {KEY_ID}", f"secret: {SECRET}"]
    if token:
        lines.append(f"session_token: {token}")
    lines += [f"region: {region}", f"service: {service}", f"method: {method}", f"target: {sent_target}"]
    lines += [f"header: {n}: {v}" for n, v in sent + added]
    lines.append(f"body: {body.hex()}")
    lines += [f"canonical: {line}" for line in canonical[0].split("\n")]
    directory = pathlib.Path(__file__).parent.parent / "tests" / "vectors" / "sigv4"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{name}.txt").write_text("\n".join(lines) + "\n")


def main():
    botocore.auth.datetime = type("datetime", (), {"datetime": FixedTime})
    vector("put_item", headers=TARGET, body=BODY)
    vector("put_item_with_session_token", headers=TARGET, body=BODY, token=TOKEN)
    vector("empty_body", headers=TARGET)
    vector("binary_body", headers=TARGET, body=bytes(range(256)))
    vector("large_body", headers=TARGET, body=b"0123456789abcdef" * 300)
    vector("list_users", method="GET", target="/?Action=ListUsers&Version=2010-05-08", host="iam.amazonaws.com", service="iam",
           headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"})
    vector("sts_form", service="sts", region="eu-west-1",
           headers={"Content-Type": "application/x-www-form-urlencoded"}, body=b"Action=GetCallerIdentity&Version=2011-06-15")
    vector("blanks_in_header_values", headers={**TARGET, "X-Amz-Meta-Odd": "  a   b \t c  ", "X-Empty": ""}, body=BODY)
    vector("header_names_in_odd_case", headers={"x-AMZ-target": "DynamoDB_20120810.Query", "CONTENT-type": "application/json"},
           body=b"{}")
    vector("repeated_header", headers=[("X-List", "b"), ("x-list", "a  2"), ("X-Amz-Target", "DynamoDB_20120810.Query")], body=b"{}")
    vector("latin_header_value", headers={**TARGET, "X-Note": "quoted \"a   b\", and=more;stuff"}, body=BODY)
    vector("path_of_unicode", method="GET", target="/donn%C3%A9es/%F0%9F%98%80/a%20b")
    vector("path_with_dots_and_slashes", method="GET", target="/a/./b/../c//d/")
    vector("path_up_from_root", method="GET", target="/../..")
    vector("path_of_reserved_characters", method="GET", target="/a:b@c/d=e+f,g;h!'()*~._-$&")
    vector("query_out_of_order", method="GET", target="/?b=2&a=1&b=1&a=%20x&A=0&a-b=3&ab=4")
    vector("query_without_values", method="GET", target="/?flag&empty=&x=%3D%26")
    vector("query_of_unicode", method="GET", target="/?%E1%88%B4=bar&q=%C3%A9")
    vector("ipv6_host", host="[::1]:8000", headers=TARGET, body=BODY)
    vector("region_of_ones_own", region="local", headers=TARGET, body=BODY)
    vector("presigned", method="GET", target="/?Action=GetCallerIdentity&Version=2011-06-15", service="sts", presign=60)
    vector("presigned_post", target="/", headers=TARGET, body=BODY, presign=3600)
    vector("presigned_with_session_token", method="GET", target="/", token=TOKEN, presign=900)
    vector("presigned_week", method="GET", target="/path%20x?q=a%2Fb", presign=604800)


if __name__ == "__main__":
    main()
