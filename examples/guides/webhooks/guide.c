/* Verifies the signature of a webhook request. */

/* docs: guide */
#include <configcat_management.h>
#include <stdio.h>

/* Two keys during a rotation. */
static const char *const keys[] = {"configcat_whsk_ZGVtbw=="};

static const char *header(const ccm_value *headers, const char *name) {
    return ccm_value_string(ccm_value_get(headers, name), NULL);
}

/* The raw body, before anything parses it. */
static const char *accepted(const ccm_value *headers, const char *body) {
    ccm_status status = ccm_webhook_verify(
        keys, 1, header(headers, "X-ConfigCat-Webhook-ID"),
        header(headers, "X-ConfigCat-Webhook-Timestamp"),
        header(headers, "X-ConfigCat-Webhook-Signature-V1"), body, CCM_NUL, 300,
        false, NULL);
    return status == CCM_OK ? "True" : "False";
}

int main(void) {
    /* In a test of the receiver, headers as the service sends them: */
    ccm_document *signed_request = NULL;
    if (ccm_webhook_signed_headers(keys, 1, NULL, -1, "{}", CCM_NUL,
                                   &signed_request, NULL) != CCM_OK)
        return 1;
    const ccm_value *headers = ccm_document_value(signed_request);
    printf("signed request accepted: %s\n", accepted(headers, "{}"));
    printf("changed body accepted: %s\n", accepted(headers, "{ }"));
    ccm_document_free(signed_request);
    return 0;
}
/* docs: end */
