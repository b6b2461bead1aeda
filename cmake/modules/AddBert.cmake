# The one place that says how our libraries, dialects and tools are compiled and
# linked: against the shared libMLIR and libLLVM, warnings are errors, LLVM's
# and protobuf's headers are system headers.

include_guard(GLOBAL)

function(bert_target_options target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Werror -Wno-unused-parameter
    $<$<CXX_COMPILER_ID:Clang>:-Wno-nested-anon-types>)
  if(BERT_ENABLE_SANITIZERS)
    target_compile_options(${target} PRIVATE
      -fsanitize=address,undefined -fno-sanitize-recover=undefined
      -fno-sanitize=vptr -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=address,undefined)
  endif()
  if(BERT_ENABLE_FUZZERS)
    # Coverage is what guides a fuzzer; test/Fuzz adds its main().
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
    target_link_options(${target} PUBLIC -fsanitize=fuzzer-no-link)
  endif()
  if(BERT_ENABLE_THREAD_SANITIZER)
    target_compile_options(${target} PRIVATE -fsanitize=thread -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=thread)
  endif()
endfunction()

# Headers of any dialect or pass may be included anywhere: include/ is processed
# first, so all of them are known here.
function(bert_depend_on_tablegen target)
  get_property(generated GLOBAL PROPERTY BERT_TABLEGEN)
  if(generated OR ARGN)
    add_dependencies(${target} ${generated} ${ARGN})
  endif()
endfunction()

# bert_install_library(name component): the library becomes BertMLIR::name for those who
# say find_package(BertMLIR COMPONENTS component). Not below lib/<architecture>:
# bert-compile looks for the runtime beside its own folder.
function(bert_install_library name component)
  target_compile_features(${name} PUBLIC cxx_std_17)
  target_include_directories(${name} PUBLIC
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include;${PROJECT_BINARY_DIR}/include>"
    $<INSTALL_INTERFACE:include>)
  install(TARGETS ${name} EXPORT BertMLIR${component} LIBRARY DESTINATION lib ARCHIVE DESTINATION lib)
endfunction()

# add_bert_library(Name a.cpp b.cpp [DEPENDS tablegen targets] [LINK_LIBS libs])
#
# A static library of ours, installed with its headers. MLIR and LLVM come in through
# their shared libraries; LINK_LIBS names our own libraries and third parties.
function(add_bert_library name)
  cmake_parse_arguments(ARG "NO_MLIR" "" "DEPENDS;LINK_LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  bert_target_options(${name})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(${name} PUBLIC ${ARG_LINK_LIBS})
  if(NOT ARG_NO_MLIR)
    target_link_libraries(${name} PUBLIC BertMLIR::MLIR)
  endif()
  bert_install_library(${name} Compiler)
  bert_depend_on_tablegen(${name} ${ARG_DEPENDS})
  set_property(GLOBAL APPEND PROPERTY BERT_LIBRARIES ${name})
endfunction()

# add_bert_tool(name main.cpp [LINK_LIBS libs]): an executable in bin/, installed too.
function(add_bert_tool name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  bert_target_options(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS} BertMLIR::MLIR)
  bert_depend_on_tablegen(${name})
  install(TARGETS ${name} RUNTIME DESTINATION bin)
  set_property(GLOBAL APPEND PROPERTY BERT_TOOLS ${name})
endfunction()

# add_bert_unit_test(name a.cpp b.cpp [LINK_LIBS libs]): GoogleTest tests, in bin/;
# a lit test runs them.
function(add_bert_unit_test name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  bert_target_options(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS} GTest::gtest GTest::gtest_main)
  bert_depend_on_tablegen(${name})
  set_property(GLOBAL APPEND PROPERTY BERT_UNIT_TESTS ${name})
endfunction()

# add_bert_dialect(OV ov): include/bert/Dialect/OV/IR/{OVOps.td ...} become
# OVOps.h.inc, OVOpsTypes.h.inc, OVOpsDialect.h.inc (target MLIROVOpsIncGen) and
# the interfaces of OVInterfaces.td (the same target).
function(add_bert_dialect prefix namespace)
  if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${prefix}Interfaces.td")
    set(LLVM_TARGET_DEFINITIONS ${prefix}Interfaces.td)
    mlir_tablegen(${prefix}Interfaces.h.inc -gen-op-interface-decls)
    mlir_tablegen(${prefix}Interfaces.cpp.inc -gen-op-interface-defs)
  endif()
  set(LLVM_TARGET_DEFINITIONS ${prefix}Ops.td)
  mlir_tablegen(${prefix}Ops.h.inc -gen-op-decls)
  mlir_tablegen(${prefix}Ops.cpp.inc -gen-op-defs)
  mlir_tablegen(${prefix}Types.h.inc -gen-typedef-decls -typedefs-dialect=${namespace})
  mlir_tablegen(${prefix}Types.cpp.inc -gen-typedef-defs -typedefs-dialect=${namespace})
  mlir_tablegen(${prefix}Dialect.h.inc -gen-dialect-decls -dialect=${namespace})
  mlir_tablegen(${prefix}Dialect.cpp.inc -gen-dialect-defs -dialect=${namespace})
  mlir_tablegen(${prefix}Attributes.h.inc -gen-attrdef-decls -attrdefs-dialect=${namespace})
  mlir_tablegen(${prefix}Attributes.cpp.inc -gen-attrdef-defs -attrdefs-dialect=${namespace})
  mlir_tablegen(${prefix}Enums.h.inc -gen-enum-decls)
  mlir_tablegen(${prefix}Enums.cpp.inc -gen-enum-defs)
  add_public_tablegen_target(MLIR${prefix}OpsIncGen)
  set_property(GLOBAL APPEND PROPERTY BERT_TABLEGEN MLIR${prefix}OpsIncGen)
endfunction()

# add_bert_passes(TFTransforms): Passes.td here becomes Passes.h.inc with
# registerTFTransformsPasses().
function(add_bert_passes name)
  set(LLVM_TARGET_DEFINITIONS Passes.td)
  mlir_tablegen(Passes.h.inc -gen-pass-decls -name ${name})
  add_public_tablegen_target(MLIR${name}PassesIncGen)
  set_property(GLOBAL APPEND PROPERTY BERT_TABLEGEN MLIR${name}PassesIncGen)
endfunction()
