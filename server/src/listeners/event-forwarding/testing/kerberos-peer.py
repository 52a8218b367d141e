"""A computer's HTTP and Kerberos layer by Debian's python3-gssapi, independent of what it talks to.

Reads one JSON object a line and answers with one:
  {"op": "connect", "port": 1, "service": "HTTP/server@REALM", "scheme": "Kerberos" | "Negotiate", "mutual": true}
      -> {"status": 200, "isComplete": true}
  {"op": "post", "path": "/wsman", "body": base64, "headers": {}, "mode": "sealed" | "plain" | "signed" | "tampered" | "replayed"}
      -> {"status": 200, "headers": {}, "body": base64 of the decrypted answer}
  {"op": "replay-token"}   a new connection with the token of the last sign-in -> {"status": 200}
"""
import base64
import http.client
import json
import struct
import sys

import gssapi
from gssapi.raw import IOV, IOVBufferType, unwrap_iov, wrap_iov

FLAG = gssapi.RequirementFlag
state = {}


def post(path, headers, body=b""):
    state["http"].request("POST", path, body=body, headers=headers)
    response = state["http"].getresponse()
    return response, response.read()


def connect(port, service, scheme, mutual=True):
    flags = FLAG.confidentiality | FLAG.integrity | FLAG.replay_detection | FLAG.out_of_sequence_detection
    if mutual:
        flags |= FLAG.mutual_authentication
    mech = gssapi.MechType.kerberos if scheme == "Kerberos" else gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
    name = gssapi.Name(service, gssapi.NameType.kerberos_principal)
    context = gssapi.SecurityContext(name=name, usage="initiate", mech=mech, flags=flags)
    state.update(port=port, scheme=scheme, context=context, http=http.client.HTTPConnection("127.0.0.1", port))
    answer = None
    status = 0
    for _ in range(4):
        token = context.step(answer)
        if token is None:
            break
        state["token"] = token
        status, answer = sign_in(token)
        if answer is None or context.complete:
            break
    return {"status": status, "isComplete": context.complete}


def sign_in(token):
    authorization = state["scheme"] + " " + base64.b64encode(token).decode()
    response, _ = post("/wsman/SubscriptionManager/WEC", {"Authorization": authorization, "Content-Length": "0"})
    scheme, _, token = (response.getheader("WWW-Authenticate") or "").partition(" ")
    return response.status, base64.b64decode(token) if scheme == state["scheme"] else None


def protocol():
    return "HTTP-%s-session-encrypted" % ("Kerberos" if state["scheme"] == "Kerberos" else "SPNEGO")


def seal(plain, mode):
    iov = IOV(IOVBufferType.header, plain, IOVBufferType.padding, std_layout=False)
    wrap_iov(state["context"], iov, confidential=mode != "signed")
    header, data = iov[0].value, iov[1].value + (iov[2].value or b"")
    if mode == "tampered":
        data = data[:40] + bytes([data[40] ^ 1]) + data[41:]
    return (
        b"--Encrypted Boundary\r\n\tContent-Type: application/" + protocol().encode() + b"\r\n"
        b"\tOriginalContent: type=application/soap+xml;charset=UTF-16;Length=%d\r\n" % len(plain)
        + b"--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
        + struct.pack("<I", len(header)) + header + data + b"--Encrypted Boundary--\r\n"
    )


def unseal(body):
    start = body.index(b"octet-stream\r\n") + len(b"octet-stream\r\n")
    end = body.rindex(b"--Encrypted Boundary--")
    (length,) = struct.unpack("<I", body[start : start + 4])
    header, data = body[start + 4 : start + 4 + length], body[start + 4 + length : end]
    iov = IOV((IOVBufferType.header, False, header), (IOVBufferType.data, False, data), std_layout=False)
    unwrap_iov(state["context"], iov)
    return iov[1].value


def send(path, body, headers, mode):
    plain = base64.b64decode(body)
    content_type = 'multipart/encrypted;protocol="application/%s";boundary="Encrypted Boundary"' % protocol()
    if mode == "plain":
        sealed, content_type = plain, "application/soap+xml;charset=UTF-16"
    elif mode == "replayed":
        sealed = state["sealed"]
    else:
        sealed = seal(plain, mode)
    state["sealed"] = sealed
    response, answer = post(path, {"Content-Type": content_type, **headers}, sealed)
    is_sealed = (response.getheader("Content-Type") or "").startswith("multipart/encrypted")
    if is_sealed:
        answer = unseal(answer)
    return {
        "status": response.status,
        "isSealed": is_sealed,
        "headers": {name.lower(): value for name, value in response.getheaders()},
        "body": base64.b64encode(answer).decode(),
    }


def replay_token():
    state["http"] = http.client.HTTPConnection("127.0.0.1", state["port"])
    status, _ = sign_in(state["token"])
    return {"status": status}


ACTS = {"connect": connect, "post": send, "replay-token": replay_token}

for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = ACTS[command.pop("op")](**command)
    except Exception as error:
        answer = {"error": "%s: %s" % (type(error).__name__, error)}
    print(json.dumps(answer), flush=True)
