// SPDX-License-Identifier: MIT
#include "base/startup_memory.h"

#include <cstdint>
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace imdsd::base {
namespace {

/// With text relocations the loader has written to code: its pages are no longer those of the file.
bool has_text_relocations(const dl_phdr_info& object) noexcept {
  for (int i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = object.dlpi_phdr[i];
    if (header.p_type != PT_DYNAMIC) continue;
    // The loader's own view of the object in memory.
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(object.dlpi_addr + header.p_vaddr);
    for (; entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_TEXTREL) return true;
      if (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0) return true;
    }
  }
  return false;
}

/// A segment that nobody may write is what the file holds: MADV_DONTNEED unmaps such pages, and the
/// next access reads them from the file again (madvise(2)). A writable one would lose its changes.
int drop_clean_pages(dl_phdr_info* object, std::size_t /*size*/, void* /*argument*/) noexcept {
  if (has_text_relocations(*object)) return 0;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = object->dlpi_phdr[i];
    if (header.p_type != PT_LOAD || (header.p_flags & PF_W) != 0) continue;
    const std::uintptr_t begin = (object->dlpi_addr + header.p_vaddr) & ~(page - 1);
    const std::uintptr_t end = object->dlpi_addr + header.p_vaddr + header.p_filesz;
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void release_startup_memory() noexcept {
  ::malloc_trim(0);
  ::dl_iterate_phdr(drop_clean_pages, nullptr);
}

}  // namespace imdsd::base
