// What a present-day compiler takes from glibc 2.32 to 2.34 and from GCC 11's libstdc++, in a form
// that is always there: the addon then loads wherever Node itself does (glibc 2.28 and its
// contemporary, GCC 8's libstdc++), whatever machine it was built on. Linking libstdc++ in is no
// way out: measured with GCC 12 on glibc 2.36, its own objects ask for arc4random of that very
// glibc, it adds 140 KB, and some systems ship no libstdc++.a. scripts/lib/runtime_floor.mjs holds
// the line and says which name crossed it.
#include <dlfcn.h>

#include <cerrno>
#include <csignal>
#include <new>

#if defined(__GLIBC__)

#define MAPSCOPE_OURS __attribute__((visibility("hidden")))

extern "C" {

// glibc 2.32. shared_ptr counts without atomics while this is true: in Node it never is.
MAPSCOPE_OURS extern char __libc_single_threaded;
char __libc_single_threaded = 0;

// In libpthread before glibc 2.32, and versioned anew since. In glibc both names mean the calling
// thread's mask.
MAPSCOPE_OURS int pthread_sigmask(int how, const sigset_t* mask, sigset_t* before) noexcept {
  return ::sigprocmask(how, mask, before) == 0 ? 0 : errno;
}

// In libdl before glibc 2.34, which keeps it under its first version as well. Asking for that one
// finds either: the loader matches a name's version, not the library it once stood in, and Node has
// libdl loaded where there is one.
#if __GLIBC_PREREQ(2, 34) && (defined(__x86_64__) || defined(__aarch64__))
#if defined(__x86_64__)
__asm__(".symver mapscope_first_dlsym, dlsym@GLIBC_2.2.5");
#else
__asm__(".symver mapscope_first_dlsym, dlsym@GLIBC_2.17");
#endif
void* mapscope_first_dlsym(void* library, const char* name);
MAPSCOPE_OURS void* dlsym(void* library, const char* name) noexcept {
  return mapscope_first_dlsym(library, name);
}
#endif

}  // extern "C"

#endif

#if defined(__GLIBCXX__)

namespace std {

// GCC 11. What `new T[n]` and vectors call when n * sizeof(T) is no size.
__attribute__((visibility("hidden"))) void __throw_bad_array_new_length() {
  throw bad_array_new_length();
}

}  // namespace std

#endif
