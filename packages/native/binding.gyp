# Which sources on which system: the only place that asks.
{
  'variables': {
    'posix_sources': [
      'src/os/beneath_walk.cc',
      'src/os/fault_chain_posix.cc',
      'src/os/fault_guard_posix.cc',
      'src/os/file_status_posix.cc',
      'src/os/mapping_posix.cc',
      'src/os/owned_fd_posix.cc',
    ],
  },
  'targets': [{
    'target_name': 'mapscope',
    'sources': [
      'src/addon.cc',
      'src/arguments.cc',
      'src/files.cc',
      'src/mapping_wrap.cc',
      'src/to_js.cc',
      'src/guarded/copy.cc',
      'src/guarded/file_end.cc',
      'src/guarded/read.cc',
      'src/guarded/scan.cc',
      'src/guarded/touch.cc',
      'src/guarded/write.cc',
      'src/jobs/find_task.cc',
      'src/jobs/flush_task.cc',
      'src/jobs/job.cc',
      'src/jobs/read_task.cc',
      'src/jobs/write_task.cc',
      'src/kernels/find.cc',
      'src/kernels/last_byte.cc',
      'src/os/error.cc',
    ],
    'include_dirs': ["<!(node -p \"require('node-addon-api').include_dir\")"],
    'defines': [
      'NAPI_VERSION=9',
      'NAPI_CPP_EXCEPTIONS',
      'NODE_ADDON_API_CPP_EXCEPTIONS_ALL',
      'NODE_ADDON_API_DISABLE_DEPRECATED',
      # An environment that is being torn down can take no exception, and none must end the process for it.
      'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      '_FILE_OFFSET_BITS=64',
    ],
    # Node's own flags come first: without exceptions, without RTTI, and with an older C++ in Node 20.
    'cflags_cc!': ['-fno-exceptions', '-fno-rtti', '-std=gnu++17', '-std=gnu++20'],
    'cflags_cc': ['-std=c++20', '-fvisibility=hidden', '-Wall', '-Wextra', '-Werror'],
    'conditions': [
      ['OS=="linux"', {
        'sources': ['<@(posix_sources)', 'src/os/beneath_linux.cc', 'src/os/populate_linux.cc'],
        'defines': ['MAPSCOPE_TRAVERSE=O_PATH'],
        # Never unloaded: a worker that was the only one to load it would leave the process a dangling signal handler.
        'ldflags': ['-Wl,-z,nodelete'],
      }],
      ['OS=="mac"', {
        'sources': ['<@(posix_sources)', 'src/os/beneath_posix.cc', 'src/os/populate_posix.cc'],
        'defines': ['MAPSCOPE_TRAVERSE=O_SEARCH', 'st_mtim=st_mtimespec', 'st_ctim=st_ctimespec'],
        'xcode_settings': {
          'CLANG_CXX_LANGUAGE_STANDARD': 'c++20',
          'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
          'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
          'WARNING_CFLAGS': ['-Wall', '-Wextra', '-Werror'],
          'MACOSX_DEPLOYMENT_TARGET': '11.0',
        },
      }],
      ['OS!="linux" and OS!="mac"', {
        'sources': ['src/os/mapping_stub.cc'],
        'msvs_settings': {'VCCLCompilerTool': {'ExceptionHandling': 1, 'AdditionalOptions': ['/std:c++20']}},
      }],
    ],
  }],
}
