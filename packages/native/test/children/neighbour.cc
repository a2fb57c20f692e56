// Another addon of the process, which knows nothing of ours: it maps files, and touches them
// unguarded or under its own SIGBUS handler. Node-API is declared by hand, so that compiling this
// needs no headers of Node's.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csetjmp>
#include <csignal>
#include <cstddef>
#include <cstdint>

extern "C" {
typedef struct napi_env__* napi_env;
typedef struct napi_value__* napi_value;
typedef struct napi_callback_info__* napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
int napi_create_function(napi_env, const char*, size_t, napi_callback, void*, napi_value*);
int napi_set_named_property(napi_env, napi_value, const char*, napi_value);
int napi_get_cb_info(napi_env, napi_callback_info, size_t*, napi_value*, napi_value*, void**);
int napi_get_value_string_utf8(napi_env, napi_value, char*, size_t, size_t*);
int napi_get_boolean(napi_env, bool, napi_value*);
int napi_create_external_arraybuffer(napi_env, void*, size_t, void (*)(napi_env, void*, void*),
                                     void*, napi_value*);
}

namespace {

constexpr size_t kByteLength = 8192;
void* pages = nullptr;
sigjmp_buf jump;
volatile bool is_armed = false;
struct sigaction before;

// map(path): maps the file's first pages for good.
napi_value map(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value path;
  char text[4096];
  napi_get_cb_info(env, info, &count, &path, nullptr, nullptr);
  napi_get_value_string_utf8(env, path, text, sizeof(text), nullptr);
  const int file = open(text, O_RDWR);
  pages = mmap(nullptr, kByteLength, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return nullptr;
}

// touch(): reads a byte, unguarded.
napi_value touch(napi_env, napi_callback_info) {
  static_cast<void>(*static_cast<volatile char*>(pages));
  return nullptr;
}

// expose(): an ArrayBuffer over the pages.
napi_value expose(napi_env env, napi_callback_info) {
  napi_value buffer;
  napi_create_external_arraybuffer(env, pages, kByteLength, nullptr, nullptr, &buffer);
  return buffer;
}

void jump_out(int, siginfo_t*, void*) {
  if (is_armed) siglongjmp(jump, 1);
  _exit(99);
}

// Like a crash reporter: says nothing and passes on to whom it found.
void pass_on(int signal, siginfo_t* info, void* context) {
  before.sa_sigaction(signal, info, context);
}

void install(void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action = {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGBUS, &action, &before);
}

napi_value install_jumping(napi_env, napi_callback_info) {
  install(jump_out);
  return nullptr;
}

napi_value install_passing(napi_env, napi_callback_info) {
  install(pass_on);
  return nullptr;
}

// catches(): reads a byte under its own handler; whether that caught a fault.
napi_value catches(napi_env env, napi_callback_info info) {
  napi_value result;
  if (sigsetjmp(jump, 0) != 0) {
    is_armed = false;
    napi_get_boolean(env, true, &result);
    return result;
  }
  is_armed = true;
  touch(env, info);
  is_armed = false;
  napi_get_boolean(env, false, &result);
  return result;
}

void add(napi_env env, napi_value exports, const char* name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, static_cast<size_t>(-1), callback, nullptr, &function);
  napi_set_named_property(env, exports, name, function);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) napi_value
napi_register_module_v1(napi_env env, napi_value exports) {
  add(env, exports, "map", map);
  add(env, exports, "touch", touch);
  add(env, exports, "expose", expose);
  add(env, exports, "installJumping", install_jumping);
  add(env, exports, "installPassing", install_passing);
  add(env, exports, "catches", catches);
  return exports;
}
