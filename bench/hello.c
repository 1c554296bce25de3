/* The least that libmicrohttpd can be asked to do: the same answer to everything. The yardstick of
 * bench/resolve. usage: hello PORT THREADS STATUS LOCATION-OR-BODY */
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned status;
static const char *text;

static enum MHD_Result answer(void *cls, struct MHD_Connection *c, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *n, void **context) {
    (void)cls, (void)url, (void)method, (void)version, (void)upload, (void)n;
    if (!*context) return *context = &status, MHD_YES;
    const char *body = status < 300 ? text : "";
    struct MHD_Response *r = MHD_create_response_from_buffer(
        strlen(body), (void *)(unsigned long)body, MHD_RESPMEM_PERSISTENT);
    if (!r) return MHD_NO;
    if (status >= 300) MHD_add_response_header(r, "Location", text);
    enum MHD_Result queued = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return queued;
}

int main(int argc, char **argv) {
    sigset_t set;
    int got;
    if (argc != 5) return fprintf(stderr, "usage: hello PORT THREADS STATUS TEXT\n"), 2;
    unsigned threads = (unsigned)strtoul(argv[2], 0, 10);
    status = (unsigned)strtoul(argv[3], 0, 10);
    text = argv[4];
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, 0);
    struct MHD_Daemon *d = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO, (unsigned short)strtoul(argv[1], 0, 10), 0,
        0, answer, 0, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_END);
    if (!d) return perror("hello"), 1;
    sigwait(&set, &got);
    MHD_stop_daemon(d);
    return 0;
}
