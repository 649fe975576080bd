from configcat_management.webhook import VerificationError, Verifier, signed_headers

verifier = Verifier("configcat_whsk_ZGVtbw==")  # two keys during a rotation


def accepted(headers: dict[str, str], body: bytes) -> bool:
    try:
        verifier.verify(headers, body)  # the raw bytes, before anything parses them
        return True
    except VerificationError:
        return False


# In a test of the receiver, headers as the service sends them:
headers = signed_headers("configcat_whsk_ZGVtbw==", body=b"{}")
print("signed request accepted:", accepted(headers, b"{}"))
print("changed body accepted:", accepted(headers, b"{ }"))
