/* A queue in a libuv event loop: a poll handle watches its file descriptor. */

#include <configcat_management.h>
#include <stdio.h>
#include <uv.h>

enum { CALLS = 50 };

static ccm_queue *queue;
static int completed;

static void on_me(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    int *good = user_data;
    *good += status == CCM_OK;
    completed++;
    ccm_response_free(response);
    ccm_error_free(error);
}

static void readable(uv_poll_t *handle, int status, int events) {
    (void)events;
    if (status == 0) {
        ccm_queue_dispatch(queue, 0, 0);
    }
    if (completed == CALLS) {
        uv_poll_stop(handle);
        uv_close((uv_handle_t *)handle, NULL);
    }
}

int main(void) {
    ccm_client *client = NULL;
    ccm_error *error = NULL;
    int good = 0;
    if (ccm_client_new(NULL, &client, &error) != CCM_OK || ccm_queue_new(&queue, &error) != CCM_OK) {
        fprintf(stderr, "%s\n", ccm_error_message(error));
        ccm_error_free(error);
        return 1;
    }
    ccm_params *params = ccm_params_new();
    ccm_params_set_queue(params, queue);
    for (int i = 0; i < CALLS; i++) {
        ccm_me_get_start(client, params, on_me, &good, NULL, NULL);
    }
    uv_poll_t handle;
    uv_poll_init(uv_default_loop(), &handle, ccm_queue_fd(queue));
    uv_poll_start(&handle, UV_READABLE, readable);
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    uv_loop_close(uv_default_loop());
    printf("%d of %d calls succeeded\n", good, CALLS);
    ccm_params_free(params);
    ccm_queue_free(queue);
    ccm_client_free(client);
    return good != CALLS;
}
