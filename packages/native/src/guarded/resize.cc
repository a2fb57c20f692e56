#include "resize.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "copy_changes.h"

namespace mapscope {
namespace {

using NewPages = Result<std::shared_ptr<Pages>>;

std::uint64_t whole_pages(std::uint64_t byte_length) {
  return (byte_length + page_size() - 1) / page_size() * page_size();
}

// For private and anonymous memory where the system cannot move it. Advice and locks are not kept.
// The last page is copied whole: what was stored past the end comes back when the mapping grows, as
// it does where mremap moves the page itself. A page of a file that was stored to and is like the
// file's is the file's again: which pages are private is not to be had everywhere.
NewPages copied(const Pages& pages, std::uint64_t byte_length) {
  NewPages made = pages.mapped_again(byte_length);
  const auto* const copy = std::get_if<std::shared_ptr<Pages>>(&made);
  if (copy == nullptr || !pages.is_readable()) return made;
  const std::uint64_t common = whole_pages(std::min(byte_length, pages.byte_length()));
  if (pages.is_writable() && !copy_changes(pages, **copy, common)) return OsError{EIO, "mmap"};
  return made;
}

bool is_impossible(const NewPages& made) {
  const auto* const failure = std::get_if<OsError>(&made);
  return failure != nullptr && failure->code == ENOTSUP;
}

NewPages elsewhere(const Pages& pages) {
  if (!pages.is_private() && !pages.is_anonymous()) return pages.mapped_again(pages.byte_length());
  NewPages moved = pages.moved_out();
  return is_impossible(moved) ? copied(pages, pages.byte_length()) : std::move(moved);
}

NewPages longer(Pages& pages, std::uint64_t byte_length) {
  NewPages made = pages.grown(byte_length);
  if (!is_impossible(made)) return made;
  const bool is_file_shared = !pages.is_private() && !pages.is_anonymous();
  return is_file_shared ? pages.mapped_again(byte_length) : copied(pages, byte_length);
}

std::optional<OsError> take(Mapping& mapping, NewPages&& made) {
  if (const auto* const failure = std::get_if<OsError>(&made)) return *failure;
  mapping.replace_pages(std::move(std::get<std::shared_ptr<Pages>>(made)));
  return std::nullopt;
}

// So that nobody else points to the addresses that are about to change hands. It changes nothing of
// the mapping, and stays when what follows fails.
std::optional<OsError> become_sole_owner(Mapping& mapping) {
  if (mapping.pages().use_count() == 1) return std::nullopt;
  return take(mapping, elsewhere(*mapping.pages()));
}

// Cannot fail when it shortens. In its last page a private mapping then keeps what was stored past
// its new end, and shows it when it grows again, as CPython's does. (Of a file, the kernel clears
// that.)
std::optional<OsError> set_length(Mapping& mapping, std::uint64_t byte_length) {
  if (byte_length > mapping.byte_length())
    return take(mapping, longer(*mapping.pages(), byte_length));
  return take(mapping, mapping.pages()->shrunk(byte_length));
}

struct FileChange {
  std::uint64_t before;
  std::uint64_t after;
};

// Back to what it was, unless somebody else has made it longer since.
void undo(const Mapping& mapping, const FileChange& file) {
  const auto status = mapping.status();
  const auto* const now = std::get_if<FileStatus>(&status);
  if (now != nullptr && now->byte_length == file.after) mapping.set_file_byte_length(file.before);
}

// What can be undone comes first: a longer mapping before a shorter file, a longer file before a
// longer mapping, and a shorter file before a shorter mapping, whose private pages would be lost.
// (That leaves the mapping past the file's end for a moment, when nobody can look at it.)
std::optional<OsError> resize_both(Mapping& mapping, std::uint64_t byte_length, FileChange file) {
  const std::uint64_t old_length = mapping.byte_length();
  const bool is_cut = file.after < file.before;
  if (is_cut && byte_length > old_length) {
    if (const auto failure = set_length(mapping, byte_length)) return failure;
    const auto failure = mapping.set_file_byte_length(file.after);
    if (failure) set_length(mapping, old_length);
    return failure;
  }
  if (const auto failure = mapping.set_file_byte_length(file.after)) return failure;
  const auto failure = set_length(mapping, byte_length);
  if (failure) undo(mapping, file);
  return failure;
}

}  // namespace

std::optional<OsError> resize(Mapping& mapping, std::uint64_t byte_length) {
  const bool is_anonymous = mapping.pages()->is_anonymous();
  // Its object in the kernel keeps the length that it was made with: the rest would be SIGBUS.
  if (is_anonymous && !mapping.is_private() && byte_length > mapping.byte_length())
    return OsError{EINVAL, "mremap"};
  if (is_anonymous) {
    if (const auto failure = become_sole_owner(mapping)) return failure;
    return set_length(mapping, byte_length);
  }
  const auto status = mapping.status();
  if (const auto* const failure = std::get_if<OsError>(&status)) return *failure;
  if (const auto failure = become_sole_owner(mapping)) return failure;
  const FileChange file{.before = std::get<FileStatus>(status).byte_length,
                        .after = mapping.file_offset() + byte_length};
  return resize_both(mapping, byte_length, file);
}

std::optional<OsError> remap(Mapping& mapping, std::uint64_t byte_length) {
  if (!mapping.has_file()) return OsError{EBADF, "mmap"};
  return take(mapping, mapping.pages()->mapped_again(byte_length));
}

}  // namespace mapscope
