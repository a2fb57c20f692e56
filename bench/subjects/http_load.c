// Asks an HTTP server for random ranges of a file (or for all of it) over some connections, one request at a time on each, for so many
// seconds, and prints one line of JSON. Bytes that are not the file's end it with code 3. Ours, because wrk compares nothing and sends a
// fixed header to many servers only with a script in Lua.
//
// http_load PORT TARGET FILE CONNECTIONS BYTES SECONDS VERIFY SEED [HEADER]    BYTES 0: the whole file, and SECONDS is how many times each
#include "load.h"

enum { kHead = 8192, kBuffer = 1 << 20 };

struct connection {
  int fd;
  char head[kHead];
  size_t head_length;
  int in_body;
  uint64_t start, left, place;
  double asked_at;
  int rounds;
};

static const char *target, *header;
static const unsigned char *file;
static uint64_t file_length, range_length, requests, received;
static int port, verify, rounds;
static char buffer[kBuffer];

static void ask(struct connection *c) {
  char text[2048];
  c->start = range_length == 0 ? 0 : next_random() % ((file_length - range_length) / 4096 + 1) * 4096;
  int length = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s%s", target, header, *header ? "\r\n" : "");
  if (range_length > 0)
    length += snprintf(text + length, sizeof text - (size_t)length, "Range: bytes=%llu-%llu\r\n", (unsigned long long)c->start,
                       (unsigned long long)(c->start + range_length - 1));
  length += snprintf(text + length, sizeof text - (size_t)length, "\r\n");
  c->head_length = 0;
  c->in_body = 0;
  c->asked_at = now();
  if (send(c->fd, text, (size_t)length, MSG_NOSIGNAL) != length) fail("could not ask");
}

// The bytes of a body; what was read beyond its end is an error.
static void take_body(struct connection *c, const char *bytes, size_t length) {
  if (length > c->left) fail("more came than was promised");
  if (verify && memcmp(file + c->place, bytes, length) != 0) fail("these bytes are not the file's");
  c->place += length;
  c->left -= length;
  received += length;
  if (c->left > 0) return;
  keep_time(now() - c->asked_at);
  requests++;
  c->rounds++;
  if (range_length > 0 || c->rounds < rounds) ask(c);
}

static void take_head(struct connection *c, size_t length) {
  if (c->head_length + length > kHead) length = kHead - c->head_length;
  ssize_t got = recv(c->fd, c->head + c->head_length, length, 0);
  if (got <= 0) fail("the connection ended in a head");
  c->head_length += (size_t)got;
  char *end = memmem(c->head, c->head_length, "\r\n\r\n", 4);
  if (end == NULL) return;
  *end = 0;
  const char *wanted = range_length > 0 ? "HTTP/1.1 206" : "HTTP/1.1 200";
  if (strncmp(c->head, wanted, 12) != 0) fail(c->head);
  const char *promised = strcasestr(c->head, "\r\ncontent-length: ");
  uint64_t expected = range_length > 0 ? range_length : file_length;
  if (promised == NULL || strtoull(promised + 18, NULL, 10) != expected) fail("another length was promised");
  c->in_body = 1;
  c->place = c->start;
  c->left = expected;
  size_t rest = c->head_length - (size_t)(end + 4 - c->head);
  if (rest > 0) take_body(c, end + 4, rest);
}

static void take(struct connection *c) {
  if (!c->in_body) {
    take_head(c, kHead);
    return;
  }
  ssize_t got = recv(c->fd, buffer, c->left < kBuffer ? c->left : kBuffer, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) fail("the connection ended in a body");
  take_body(c, buffer, (size_t)got);
}

int main(int count, char **arguments) {
  if (count < 9) return 2;
  port = atoi(arguments[1]);
  target = arguments[2];
  int connections = atoi(arguments[4]);
  range_length = strtoull(arguments[5], NULL, 10);
  double seconds = atof(arguments[6]);
  rounds = (int)seconds;
  verify = atoi(arguments[7]);
  random_state = strtoull(arguments[8], NULL, 10) | 1;
  header = count > 9 ? arguments[9] : "";
  file = open_file(arguments[3], verify, &file_length);
  struct connection *all = calloc((size_t)connections, sizeof *all);
  int poll = epoll_create1(0);
  for (int n = 0; n < connections; n++) {
    all[n].fd = connect_here(port);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[n]};
    epoll_ctl(poll, EPOLL_CTL_ADD, all[n].fd, &event);
  }
  double started = now(), ended = started;
  for (int n = 0; n < connections; n++) ask(&all[n]);
  uint64_t last = range_length == 0 ? (uint64_t)connections * (uint64_t)rounds : UINT64_MAX;
  while (requests < last) {
    struct epoll_event events[64];
    int ready = epoll_wait(poll, events, 64, 5000);
    if (ready <= 0) fail("nothing came for 5 s");
    for (int n = 0; n < ready; n++) take(events[n].data.ptr);
    ended = now();
    if (range_length > 0 && ended - started >= seconds) break;
  }
  sort_times();
  double took = ended - started;
  printf("{\"requests\":%llu,\"seconds\":%.6f,\"perSecond\":%.1f,\"gbPerSecond\":%.4f,\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"maxMs\":%.3f}\n",
         (unsigned long long)requests, took, (double)requests / took, (double)received / took / 1e9, time_at_ms(0.5), time_at_ms(0.99),
         time_at_ms(1));
  return 0;
}
