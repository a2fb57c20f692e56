// Our place in the process' SIGBUS handling, and everyone else's.
#pragma once

#include <csignal>

namespace mapscope {

using FaultHandler = void (*)(int signal, siginfo_t* info, void* context);

// Makes `handler` the one in place, chained in front of what is there. Called before every guarded
// operation (a sigaction of about 100 ns): process.on('SIGBUS') replaces our handler by one that
// returns, and the faulting instruction would then run for ever.
void ensure_fault_handler(FaultHandler handler);

// Whether the kernel raised this for a touch of memory, as against kill(2), sigqueue(3) and the
// like.
bool is_memory_fault(const siginfo_t& info);

// Hands a signal that is not ours to the disposition that was there before us.
void pass_on_fault(int signal, siginfo_t* info, void* context);

}  // namespace mapscope
