# certifier_library(NAME SOURCES ... LINKS ... [PRIVATE_LINKS ...]): one static library, included from the folder above.
# LINKS are seen by who links this one, PRIVATE_LINKS are not.
function(certifier_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(certifier_${name} STATIC ${ARG_SOURCES})
  add_library(certifier::${name} ALIAS certifier_${name})
  target_include_directories(certifier_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/..)
  target_link_libraries(certifier_${name} PUBLIC ${ARG_LINKS} PRIVATE certifier_flags ${ARG_PRIVATE_LINKS})
endfunction()

# certifier_executable(NAME SOURCES ... LINKS ...): one program, in build/PRESET/bin.
function(certifier_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE certifier_flags ${ARG_LINKS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()

# certifier_test(NAME TIER SOURCES ... LINKS ...): one Catch2 program; each of its cases is a CTest test labelled TIER.
function(certifier_test name tier)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE certifier_flags Catch2::Catch2WithMain ${ARG_LINKS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  set_property(GLOBAL APPEND PROPERTY CERTIFIER_TEST_TARGETS ${name})
  add_test(NAME ${tier}.${name} COMMAND ${name} --order rand --rng-seed time --warn NoAssertions)
  set_tests_properties(${tier}.${name} PROPERTIES LABELS ${tier})
endfunction()
