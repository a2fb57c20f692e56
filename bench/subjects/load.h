// What the load generators share: a clock, a place at random, a connection to this machine, and the figures of what was measured.
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

enum { kMostTimes = 1 << 22 };

static uint64_t random_state, time_count;
static double *times;

// Code 3: what came was wrong, or nothing came.
static void fail(const char *what) {
  fprintf(stderr, "%s: %s (%s)\n", program_invocation_short_name, what, strerror(errno));
  exit(3);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t next_random(void) {
  random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
  return random_state;
}

static int connect_here(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) fail("could not connect");
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(fd, F_SETFL, O_NONBLOCK);
  return fd;
}

// The file that answers are compared with. `is_mapped` 0: its length only, so that what is cold stays so.
static const unsigned char *open_file(const char *path, int is_mapped, uint64_t *byte_length) {
  int fd = open(path, O_RDONLY);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0) fail("no file");
  *byte_length = (uint64_t)status.st_size;
  if (!is_mapped) return NULL;
  const unsigned char *bytes = mmap(NULL, *byte_length, PROT_READ, MAP_SHARED, fd, 0);
  if (bytes == MAP_FAILED) fail("could not map");
  return bytes;
}

static void keep_time(double seconds) {
  if (times == NULL) times = malloc(sizeof(double) * kMostTimes);
  if (time_count < kMostTimes) times[time_count++] = seconds;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void sort_times(void) {
  if (time_count == 0) fail("no answer was whole");
  qsort(times, time_count, sizeof *times, by_size);
}

// Of the sorted times: 0.5 is the median, 1 the longest.
static double time_at_ms(double share) { return times[(uint64_t)((double)(time_count - 1) * share)] * 1e3; }
