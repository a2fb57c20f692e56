// Asks a server for viewports over its socket, some in flight on each connection, compares every byte, and prints one line of JSON.
// WebSocket frames are read and written by hand, in C: the same in JavaScript took more processor time a viewport than the server did, so it
// was the client's speed that was measured.
//
// socket_load PORT TOKEN DOCUMENT FILE CONNECTIONS IN_FLIGHT BYTES SECONDS SEED PID
#include "load.h"

enum { kHeader = 24, kMostInFlight = 64, kAsks = 64 * 1024, kCredit = 2 << 20 };

struct asked {
  uint32_t id;
  uint64_t offset;
  double at;
};

struct connection {
  int fd, is_up;
  uint32_t last_id;
  struct asked asked[kMostInFlight];
  uint64_t taken[kMostInFlight];
  unsigned char *bytes;
  size_t length, room;
  char asks[kAsks];
  size_t asks_length;
};

static const char *token, *document;
static const unsigned char *file;
static uint64_t file_length, byte_length, answered;
static int port, in_flight, is_measuring;

// Processor time that the server has used, in seconds; Linux counts it in ticks.
static double server_seconds(const char *pid) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%s/stat", pid);
  FILE *stat = fopen(path, "r");
  if (stat == NULL || fgets(text, sizeof text, stat) == NULL) fail("the server is gone");
  fclose(stat);
  unsigned long user = 0, system = 0;
  const char *fields = strrchr(text, ')');
  if (fields == NULL || sscanf(fields + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
    fail("the server's times cannot be read");
  return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

// A text frame; a mask of zeros is a mask.
static void say(struct connection *c, const char *text, size_t length) {
  if (c->asks_length + length + 8 > kAsks) fail("too much to ask at once");
  unsigned char *at = (unsigned char *)c->asks + c->asks_length;
  size_t head = length < 126 ? 2 : 4;
  at[0] = 0x81;
  at[1] = (unsigned char)(0x80 | (length < 126 ? length : 126));
  if (head == 4) at[2] = (unsigned char)(length >> 8), at[3] = (unsigned char)length;
  memset(at + head, 0, 4);
  memcpy(at + head + 4, text, length);
  c->asks_length += head + 4 + length;
}

// Credit is given back now and then, as a client does: 2 MiB of the 4 that a stream begins with.
static void give_back(struct connection *c, int stream) {
  if (c->taken[stream] < kCredit) return;
  char text[128];
  int length = snprintf(text, sizeof text, "{\"type\":\"credit\",\"id\":%u,\"stream\":%d,\"byteLength\":%llu}", ++c->last_id, stream,
                        (unsigned long long)c->taken[stream]);
  say(c, text, (size_t)length);
  c->taken[stream] = 0;
}

static void ask(struct connection *c, int stream) {
  give_back(c, stream);
  struct asked *asked = &c->asked[stream];
  asked->id = ++c->last_id;
  asked->offset = next_random() % (file_length / byte_length) * byte_length;
  asked->at = now();
  char text[256];
  int length = snprintf(text, sizeof text,
                        "{\"type\":\"read\",\"id\":%u,\"documentId\":\"%s\",\"stream\":%d,\"priority\":\"viewport\",\"ranges\":[{\"start\":%llu,\"end\":%llu}]}",
                        asked->id, document, stream, (unsigned long long)asked->offset, (unsigned long long)(asked->offset + byte_length));
  say(c, text, (size_t)length);
}

// All that one piece of answers led to, in one write.
static void flush(struct connection *c) {
  if (c->asks_length == 0) return;
  if (send(c->fd, c->asks, c->asks_length, MSG_NOSIGNAL) != (ssize_t)c->asks_length) fail("could not ask");
  c->asks_length = 0;
}

static void take_frame(struct connection *c, const unsigned char *frame, size_t length) {
  uint16_t stream;
  uint32_t id;
  uint64_t offset;
  if (length != kHeader + byte_length || frame[0] != 1 || frame[1] != 1) fail("not the frame that was asked for");
  memcpy(&stream, frame + 2, sizeof stream);
  memcpy(&id, frame + 4, sizeof id);
  memcpy(&offset, frame + 8, sizeof offset);
  if (stream >= in_flight || c->asked[stream].id != id || c->asked[stream].offset != offset) fail("an answer to something else");
  if (memcmp(file + offset, frame + kHeader, byte_length) != 0) fail("these bytes are not the file's");
  c->taken[stream] += byte_length;
  if (is_measuring) {
    keep_time(now() - c->asked[stream].at);
    answered++;
  }
  ask(c, stream);
}

// How much of it is a whole message, which is dealt with; 0: more has to come.
static size_t take_message(struct connection *c, const unsigned char *bytes, size_t length) {
  if (length < 2) return 0;
  size_t head = bytes[1] < 126 ? 2 : bytes[1] == 126 ? 4 : 10, body = bytes[1];
  if (length < head) return 0;
  if (head == 4) body = (size_t)bytes[2] << 8 | bytes[3];
  if (head == 10) body = (size_t)bytes[6] << 24 | (size_t)bytes[7] << 16 | (size_t)bytes[8] << 8 | bytes[9];
  if (length < head + body) return 0;
  if ((bytes[0] & 15) == 2) take_frame(c, bytes + head, body);
  if ((bytes[0] & 15) == 1 && memmem(bytes + head, body, "\"error\"", 7) != NULL) fail("the server answered with an error");
  if ((bytes[0] & 15) == 8) fail("the server closed the socket");
  return head + body;
}

static size_t take_upgrade(struct connection *c) {
  const unsigned char *end = memmem(c->bytes, c->length, "\r\n\r\n", 4);
  if (end == NULL) return 0;
  if (memcmp(c->bytes, "HTTP/1.1 101", 12) != 0) fail("no upgrade");
  c->is_up = 1;
  for (int stream = 0; stream < in_flight; stream++) ask(c, stream);
  return (size_t)(end + 4 - c->bytes);
}

static void take(struct connection *c) {
  ssize_t got = recv(c->fd, c->bytes + c->length, c->room - c->length, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) fail("the server ended a connection");
  c->length += (size_t)got;
  size_t at = c->is_up ? 0 : take_upgrade(c);
  while (c->is_up) {
    size_t whole = take_message(c, c->bytes + at, c->length - at);
    if (whole == 0) break;
    at += whole;
  }
  memmove(c->bytes, c->bytes + at, c->length - at);
  c->length -= at;
  flush(c);
}

static void open_connection(struct connection *c, int poll) {
  c->fd = connect_here(port);
  c->room = 2 * (size_t)in_flight * (byte_length + 64) + 65536;
  c->bytes = malloc(c->room);
  int length = snprintf(c->asks, kAsks,
                        "GET /api/v1/socket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bWFwc2NvcGUncyBiZW5jaA==\r\nSec-WebSocket-Protocol: mapscope.v1\r\n"
                        "Authorization: Bearer %s\r\n\r\n",
                        port, token);
  c->asks_length = (size_t)length;
  flush(c);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &event);
}

static void run(int poll, double seconds) {
  for (double end = now() + seconds; now() < end;) {
    struct epoll_event events[64];
    int ready = epoll_wait(poll, events, 64, 5000);
    if (ready <= 0) fail("nothing came for 5 s");
    for (int n = 0; n < ready; n++) take(events[n].data.ptr);
  }
}

int main(int count, char **arguments) {
  if (count < 11) return 2;
  port = atoi(arguments[1]);
  token = arguments[2];
  document = arguments[3];
  file = open_file(arguments[4], 1, &file_length);
  int connections = atoi(arguments[5]);
  in_flight = atoi(arguments[6]);
  if (in_flight > kMostInFlight) fail("too many in flight");
  byte_length = strtoull(arguments[7], NULL, 10);
  double seconds = atof(arguments[8]);
  random_state = strtoull(arguments[9], NULL, 10) * 2654435761u | 1;
  struct connection *all = calloc((size_t)connections, sizeof *all);
  int poll = epoll_create1(0);
  for (int n = 0; n < connections; n++) open_connection(&all[n], poll);
  run(poll, 1);
  is_measuring = 1;
  double started = now(), used = server_seconds(arguments[10]);
  run(poll, seconds);
  double took = now() - started;
  used = server_seconds(arguments[10]) - used;
  sort_times();
  printf("{\"perSecond\":%.1f,\"p50\":%.4f,\"p99\":%.4f,\"cpuMicroseconds\":%.3f}\n", (double)answered / took, time_at_ms(0.5), time_at_ms(0.99),
         used / (double)answered * 1e6);
  return 0;
}
