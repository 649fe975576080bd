"""Takes webhook calls with Flask, and trusts those that ConfigCat has signed.

    CONFIGCAT_WEBHOOK_KEY=configcat_whsk_... flask --app verify_webhooks_flask run
"""

import os

from flask import Flask, Response, request

from configcat_management.webhook import VerificationError, Verifier

# Both keys while they are being changed: the primary and the secondary one, separated by a comma.
verifier = Verifier(*os.environ["CONFIGCAT_WEBHOOK_KEY"].split(","))
app = Flask(__name__)


@app.post("/configcat")
def changed() -> Response:
    try:
        # The bytes as they came: what has been parsed and written again has another signature.
        verifier.verify(request.headers, request.get_data())
    except VerificationError as error:
        app.logger.warning("a webhook call was refused: %s", error)
        return Response(status=401)
    app.logger.info("flags have changed")
    return Response(status=204)
