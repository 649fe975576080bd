"""Takes webhook calls with FastAPI, and trusts those that ConfigCat has signed.

    CONFIGCAT_WEBHOOK_KEY=configcat_whsk_... uvicorn verify_webhooks_fastapi:app
"""

import os

from fastapi import FastAPI, HTTPException, Request

from configcat_management.webhook import VerificationError, Verifier

# Both keys while they are being changed: the primary and the secondary one, separated by a comma.
verifier = Verifier(*os.environ["CONFIGCAT_WEBHOOK_KEY"].split(","))
app = FastAPI()


@app.post("/configcat", status_code=204)
async def changed(request: Request) -> None:
    try:
        # The bytes as they came: what has been parsed and written again has another signature.
        verifier.verify(request.headers, await request.body())
    except VerificationError as error:
        raise HTTPException(401) from error
