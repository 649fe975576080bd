"""Receives webhook requests with FastAPI and rejects those without a valid signature.

    CONFIGCAT_WEBHOOK_KEY=configcat_whsk_... uvicorn verify_webhooks_fastapi:app
"""

import os

from fastapi import FastAPI, HTTPException, Request

from configcat_management.webhook import VerificationError, Verifier

# During a key rotation, both keys, separated by a comma.
verifier = Verifier(*os.environ["CONFIGCAT_WEBHOOK_KEY"].split(","))
app = FastAPI()


@app.post("/configcat", status_code=204)
async def changed(request: Request) -> None:
    try:
        # Verify the raw bytes: a parsed and serialized body has a different signature.
        verifier.verify(request.headers, await request.body())
    except VerificationError as error:
        raise HTTPException(401) from error
