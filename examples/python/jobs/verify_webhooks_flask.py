"""Receives webhook requests with Flask and rejects those without a valid signature.

    CONFIGCAT_WEBHOOK_KEY=configcat_whsk_... flask --app verify_webhooks_flask run
"""

import os

from flask import Flask, Response, request

from configcat_management.webhook import VerificationError, Verifier

# During a key rotation, both keys, separated by a comma.
verifier = Verifier(*os.environ["CONFIGCAT_WEBHOOK_KEY"].split(","))
app = Flask(__name__)


@app.post("/configcat")
def changed() -> Response:
    try:
        # Verify the raw bytes: a parsed and serialized body has a different signature.
        verifier.verify(request.headers, request.get_data())
    except VerificationError as error:
        app.logger.warning("a webhook call was refused: %s", error)
        return Response(status=401)
    app.logger.info("flags have changed")
    return Response(status=204)
