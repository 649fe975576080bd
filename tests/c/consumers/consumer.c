/* A minimal program that links the installed library: checks its version and counts its operations. */

#include <configcat_management.h>
#include <stdio.h>

int main(void) {
    ccm_document *document = NULL;
    ccm_error *error = NULL;
    if (ccm_check_version(CCM_VERSION_NUMBER) != CCM_OK) {
        fprintf(stderr, "header and library differ\n");
        return 1;
    }
    if (ccm_describe(NULL, &document, &error) != CCM_OK) {
        fprintf(stderr, "%s\n", ccm_error_message(error));
        ccm_error_free(error);
        return 1;
    }
    printf("%s: %zu operations\n", ccm_version(), ccm_value_length(ccm_document_value(document)));
    ccm_document_free(document);
    return 0;
}
