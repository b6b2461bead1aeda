# What `cmake --install` puts in place besides the programs and libraries: headers
# (written and generated), the .td files, and the CMake package BertMLIR.

include(CMakePackageConfigHelpers)

set(BERT_PACKAGE_DIR lib/cmake/BertMLIR)

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/bert" DESTINATION include
  FILES_MATCHING PATTERN "*.h" PATTERN "*.td" PATTERN "*.def")
# CMake's own folders hold nothing that matches; without this they would come along empty.
install(DIRECTORY "${PROJECT_BINARY_DIR}/include/bert" DESTINATION include
  FILES_MATCHING PATTERN "*.inc" PATTERN CMakeFiles EXCLUDE)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION share/doc/bert-mlir)

foreach(component Compiler Runtime Tokenizer)
  install(EXPORT BertMLIR${component} NAMESPACE BertMLIR:: DESTINATION "${BERT_PACKAGE_DIR}"
    FILE BertMLIR${component}Targets.cmake)
endforeach()

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/BertMLIRConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/BertMLIRConfig.cmake" INSTALL_DESTINATION "${BERT_PACKAGE_DIR}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/BertMLIRConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/BertMLIRConfig.cmake"
  "${PROJECT_BINARY_DIR}/BertMLIRConfigVersion.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/modules/BertThirdParty.cmake"
  DESTINATION "${BERT_PACKAGE_DIR}")
