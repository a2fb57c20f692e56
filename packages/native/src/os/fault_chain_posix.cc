#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <mutex>

#include "fault_chain.h"

namespace mapscope {
namespace {

using Disposition = struct sigaction;

// The handler reads a record while another thread may be adding one, so records are never changed
// in place while in use. Going round 16 of them is enough: a process has two or three dispositions,
// and equal ones share a record.
std::array<Disposition, 16> records;
std::size_t record_count = 0;
std::atomic<const Disposition*> previous = nullptr;
std::mutex installing;

struct Passing {
  const siginfo_t* info;
  const void* frame;
};
[[gnu::tls_model("initial-exec")]] thread_local volatile Passing passing = {nullptr, nullptr};

bool is_handled_by(const Disposition& disposition, FaultHandler handler) {
  return (disposition.sa_flags & SA_SIGINFO) != 0 && disposition.sa_sigaction == handler;
}

const Disposition* record_of(const Disposition& disposition) {
  const std::size_t kept = std::min(record_count, records.size());
  for (std::size_t i = 0; i < kept; ++i) {
    if (std::memcmp(&records[i], &disposition, sizeof(disposition)) == 0) return &records[i];
  }
  Disposition& record = records[record_count++ % records.size()];
  record = disposition;
  return &record;
}

void install(FaultHandler handler, const Disposition& found) {
  previous.store(record_of(found), std::memory_order_release);
  Disposition ours;
  std::memset(&ours, 0, sizeof(ours));
  ours.sa_sigaction = handler;
  ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&ours.sa_mask);
  Disposition replaced;
  std::memset(&replaced, 0, sizeof(replaced));
  if (sigaction(SIGBUS, &ours, &replaced) != 0 || is_handled_by(replaced, handler)) return;
  previous.store(record_of(replaced),
                 std::memory_order_release);  // somebody may have come in between
}

// A fault while SIGBUS is blocked kills without asking any handler. Once per thread: whoever starts
// threads may block signals in them.
void unblock_on_this_thread() {
  [[gnu::tls_model("initial-exec")]] static thread_local bool is_unblocked = false;
  if (is_unblocked) return;
  sigset_t only_this;
  sigemptyset(&only_this);
  sigaddset(&only_this, SIGBUS);
  pthread_sigmask(SIG_UNBLOCK, &only_this, nullptr);
  is_unblocked = true;
}

// The default action, with nothing of ours in the way. A fault happens again by itself on return,
// and then the core dump shows the culprit; a signal that was sent has to be sent again.
void die(int signal, const siginfo_t& info) {
  Disposition fallback;
  std::memset(&fallback, 0, sizeof(fallback));
  fallback.sa_handler = SIG_DFL;
  sigaction(signal, &fallback, nullptr);
  if (!is_memory_fault(info)) raise(signal);
}

// Calls the other handler with the signals blocked that it asked for (libuv's takes a lock and
// relies on it).
void call_blocking(const Disposition& other, int signal, siginfo_t* info, void* context) {
  sigset_t blocked = other.sa_mask;
  if ((other.sa_flags & SA_NODEFER) == 0) sigaddset(&blocked, signal);
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  if ((other.sa_flags & SA_SIGINFO) != 0) {
    other.sa_sigaction(signal, info, context);
  } else {
    other.sa_handler(signal);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

// Two libraries that each chain to the other would pass a fatal signal round for ever. The same
// signal, seen again from deeper in the stack, is such a round. (A flag would stay set when the
// other handler jumps out, as one like ours does.)
bool is_passed_round(const siginfo_t* info, const void* frame) {
  return passing.info == info && frame < passing.frame;
}

}  // namespace

void ensure_fault_handler(FaultHandler handler) {
  unblock_on_this_thread();
  Disposition found;
  std::memset(&found, 0, sizeof(found));
  if (sigaction(SIGBUS, nullptr, &found) != 0 || is_handled_by(found, handler)) return;
  const std::lock_guard lock(installing);
  std::memset(&found, 0, sizeof(found));
  if (sigaction(SIGBUS, nullptr, &found) == 0 && !is_handled_by(found, handler))
    install(handler, found);
}

bool is_memory_fault(const siginfo_t& info) {
  switch (info.si_code) {
    case BUS_ADRALN:
    case BUS_ADRERR:
    case BUS_OBJERR:
      return true;
#if defined(BUS_MCEERR_AR)
    case BUS_MCEERR_AR:  // the memory under the page is broken, and this thread touched it
      return true;
#endif
    default:
      return false;
  }
}

void pass_on_fault(int signal, siginfo_t* info, void* context) {
  const void* const frame = __builtin_frame_address(0);
  const Disposition* const other = previous.load(std::memory_order_acquire);
  const bool has_handler =
      other != nullptr && ((other->sa_flags & SA_SIGINFO) != 0 ||
                           (other->sa_handler != SIG_DFL && other->sa_handler != SIG_IGN));
  if (has_handler && !is_passed_round(info, frame)) {
    passing.info = info;
    passing.frame = frame;
    call_blocking(*other, signal, info, context);
    passing.info = nullptr;
    return;
  }
  const bool is_ignored = other != nullptr && !has_handler && other->sa_handler == SIG_IGN;
  if (is_ignored && !is_memory_fault(*info))
    return;  // the kernel does not let a real fault be ignored either
  die(signal, *info);
}

}  // namespace mapscope
