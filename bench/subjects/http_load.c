// Asks an HTTP server for random ranges of a file (or for all of it) over some connections, one request at a time on each, for so many
// seconds, and prints one line of JSON. Bytes that are not the file's end it with code 3. Ours, because wrk compares nothing and sends a
// fixed header to many servers only with a script in Lua.
//
// http_load PORT TARGET FILE CONNECTIONS BYTES SECONDS VERIFY SEED [HEADER]    BYTES 0: the whole file, and SECONDS is how many times each
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { kHead = 8192, kBuffer = 1 << 20, kMostTimes = 1 << 22 };

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
static uint64_t file_length, range_length, requests, received, state;
static int port, verify, rounds, is_over;
static double *times;
static char buffer[kBuffer];

static void fail(const char *what) {
  fprintf(stderr, "http_load: %s (%s)\n", what, strerror(errno));
  exit(3);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t next_random(void) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state;
}

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

static void open_connection(struct connection *c) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address) != 0) fail("could not connect");
  int one = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(c->fd, F_SETFL, O_NONBLOCK);
}

// The bytes of a body; what was read beyond its end is an error.
static void take_body(struct connection *c, const char *bytes, size_t length) {
  if (length > c->left) fail("more came than was promised");
  if (verify && memcmp(file + c->place, bytes, length) != 0) fail("these bytes are not the file's");
  c->place += length;
  c->left -= length;
  received += length;
  if (c->left > 0) return;
  if (requests < kMostTimes) times[requests] = now() - c->asked_at;
  requests++;
  c->rounds++;
  if (!is_over && (range_length > 0 || c->rounds < rounds)) ask(c);
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

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int count, char **arguments) {
  if (count < 9) return 2;
  port = atoi(arguments[1]);
  target = arguments[2];
  int fd = open(arguments[3], O_RDONLY);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0) fail("no file");
  file_length = (uint64_t)status.st_size;
  int connections = atoi(arguments[4]);
  range_length = strtoull(arguments[5], NULL, 10);
  double seconds = atof(arguments[6]);
  rounds = (int)seconds;
  verify = atoi(arguments[7]);
  state = strtoull(arguments[8], NULL, 10) | 1;
  header = count > 9 ? arguments[9] : "";
  // Without verifying the file is not touched: mapping it would not either, but a cold one must stay so.
  if (verify) file = mmap(NULL, file_length, PROT_READ, MAP_SHARED, fd, 0);
  if (file == MAP_FAILED) fail("could not map");
  times = malloc(sizeof(double) * kMostTimes);
  struct connection *all = calloc((size_t)connections, sizeof *all);
  int poll = epoll_create1(0);
  for (int n = 0; n < connections; n++) {
    open_connection(&all[n]);
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
  uint64_t kept = requests < kMostTimes ? requests : kMostTimes;
  if (kept == 0) fail("no answer was whole");
  qsort(times, kept, sizeof *times, by_size);
  double took = ended - started;
  printf("{\"requests\":%llu,\"seconds\":%.6f,\"perSecond\":%.1f,\"gbPerSecond\":%.4f,\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"maxMs\":%.3f}\n",
         (unsigned long long)requests, took, (double)requests / took, (double)received / took / 1e9, times[kept / 2] * 1e3,
         times[kept * 99 / 100] * 1e3, times[kept - 1] * 1e3);
  return 0;
}
