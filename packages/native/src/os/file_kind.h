// What a mode of stat or statx says a file is.
#pragma once

#include <sys/stat.h>

#include "file_status.h"

namespace mapscope {

inline FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::kFile;
  if (S_ISDIR(mode)) return FileKind::kDirectory;
  if (S_ISFIFO(mode)) return FileKind::kPipe;
  if (S_ISSOCK(mode)) return FileKind::kSocket;
  if (S_ISBLK(mode)) return FileKind::kBlockDevice;
  if (S_ISCHR(mode)) return FileKind::kCharacterDevice;
  return S_ISLNK(mode) ? FileKind::kSymbolicLink : FileKind::kOther;
}

}  // namespace mapscope
