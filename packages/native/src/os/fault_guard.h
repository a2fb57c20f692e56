// Touching mapped pages that may not be there.
//
// A page that cannot be had is SIGBUS in the thread that touches it. One process-wide handler,
// chained in front of whatever was there, sends such a thread back to run_guarded() when the
// address is in the range that thread has armed, and passes everything else on: real bugs still die
// where they happen, `kill -BUS` still kills, process.on('SIGBUS') still hears it.
//
// Rejected: process_vm_readv on oneself (no handler at all, but 1.3 us a call and a third of the
// speed); zero pages mapped over the gap (stale after the file grows back, and silently loses
// stores), which is only for raw memory that JavaScript touches: fault_region.h.
#pragma once

#include <cstddef>

namespace mapscope {

// Runs on the guarded thread and may be abandoned at any byte of the armed range: it must own
// nothing with a destructor, take no lock and allocate nothing. What it needs to say before that
// happens, it says through volatile members of `context`.
using GuardedStep = void (*)(void* context) noexcept;

// Runs step(context), which may touch the mapped bytes [begin, begin + byte_length) besides memory
// of its own. False when it was abandoned because one of those bytes could not be had.
[[nodiscard]] bool run_guarded(const std::byte* begin, std::size_t byte_length, GuardedStep step,
                               void* context);

// Puts the handler (back) in front, and lets this thread be signalled: before raw memory is given
// out, whose touches run no guarded step that would do it.
void ensure_fault_guard();

}  // namespace mapscope
