# What our libraries are linked with, as targets of the same name in our own build and
# for those who use the installed package (BertMLIRConfig.cmake includes this file). The
# packages themselves have been found before.

include_guard(GLOBAL)

# LLVM and MLIR, from their shared libraries, their headers as system headers.
if(MLIR_FOUND AND NOT TARGET BertMLIR::MLIR)
  add_library(BertMLIR::MLIR INTERFACE IMPORTED GLOBAL)
  target_link_libraries(BertMLIR::MLIR INTERFACE MLIR LLVM)
  target_include_directories(BertMLIR::MLIR SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
endif()

# bert_find_library(zip zip.h): BertMLIR::zip, where it is installed, for the libraries whose
# own CMake packages are missing in Debian or want more than the library.
function(bert_find_library name header)
  if(TARGET BertMLIR::${name})
    return()
  endif()
  find_library(BERT_LIBRARY_${name} ${name} REQUIRED)
  find_path(BERT_INCLUDE_DIR_${name} ${header} REQUIRED)
  mark_as_advanced(BERT_LIBRARY_${name} BERT_INCLUDE_DIR_${name})
  add_library(BertMLIR::${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(BertMLIR::${name} PROPERTIES
    IMPORTED_LOCATION "${BERT_LIBRARY_${name}}"
    INTERFACE_INCLUDE_DIRECTORIES "${BERT_INCLUDE_DIR_${name}}")
endfunction()

bert_find_library(zip zip.h)
bert_find_library(utf8proc utf8proc.h)
