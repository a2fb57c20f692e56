// An addon that is wrong on purpose, one way a function: what the sanitized run must report, or it proves nothing.
#include <node_api.h>

#include <cstddef>
#include <string>

namespace {

volatile int zero = 0;  // the compiler must not see through any of it

napi_value number(napi_env env, int value) {
  napi_value result;
  napi_create_int32(env, value, &result);
  return result;
}

napi_value overflow_heap(napi_env env, napi_callback_info) {
  char* const bytes = new char[16];
  char* const end = bytes + 16 + zero;
  asm volatile("" : : "r"(end) : "memory");
  *end = 1;
  delete[] bytes;
  return number(env, 0);
}

napi_value use_after_free(napi_env env, napi_callback_info) {
  const int* const numbers = new int[16]();
  delete[] numbers;
  return number(env, numbers[zero]);
}

napi_value shift_too_far(napi_env env, napi_callback_info) {
  const int distance = 33 + zero;
  return number(env, 1 << distance);
}

napi_value overflow_sum(napi_env env, napi_callback_info) {
  const int most = 0x7fffffff + zero;
  return number(env, most + 1);
}

napi_value leak(napi_env env, napi_callback_info) {
  const auto* const lost = new std::string(100 + zero, 'x');
  return number(env, static_cast<int>(lost->size()));
}

napi_value nothing(napi_env env, napi_callback_info) { return number(env, zero); }

}  // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"overflowHeap", nullptr, overflow_heap, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"useAfterFree", nullptr, use_after_free, nullptr, nullptr, nullptr, napi_enumerable,
       nullptr},
      {"shiftTooFar", nullptr, shift_too_far, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"overflowSum", nullptr, overflow_sum, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"leak", nullptr, leak, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"nothing", nullptr, nothing, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, sizeof(functions) / sizeof(functions[0]), functions);
  return exports;
}
