from configcat_management import webhook

# During a rotation, two keys.
verifier = webhook.Verifier("configcat_whsk_ZGVtbw==")


def accepted(headers: dict[str, str], body: bytes) -> bool:
    try:
        # The raw bytes, before anything parses them.
        verifier.verify(headers, body)
        return True
    except webhook.VerificationError:
        return False


# In a test of the receiver, headers as the service sends them:
headers = webhook.signed_headers("configcat_whsk_ZGVtbw==", body=b"{}")
print("signed request accepted:", accepted(headers, b"{}"))
print("changed body accepted:", accepted(headers, b"{ }"))
