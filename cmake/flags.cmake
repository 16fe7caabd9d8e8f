# certifier_flags carries the standard, the warnings and the sanitizers; every target of ours links it privately.
add_library(certifier_flags INTERFACE)
target_compile_features(certifier_flags INTERFACE cxx_std_20)
target_compile_options(certifier_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual -Wconversion -Wno-sign-conversion
  -Wextra-semi -Woverloaded-virtual -Wswitch-enum
  -fstack-protector-strong
  $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>
  $<$<BOOL:${CERTIFIER_WERROR}>:-Werror>)
target_link_options(certifier_flags INTERFACE -Wl,-z,relro,-z,now)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC bug 105651: std::string's operator+ is reported when it is optimised.
  target_compile_options(certifier_flags INTERFACE -Wno-restrict)
endif()
if(CERTIFIER_SANITIZE)
  target_compile_options(certifier_flags INTERFACE -fsanitize=${CERTIFIER_SANITIZE} -fno-omit-frame-pointer -g)
  target_link_options(certifier_flags INTERFACE -fsanitize=${CERTIFIER_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC loses track of what is initialised among the sanitizers' own branches, as its manual says.
    target_compile_options(certifier_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(CERTIFIER_SANITIZE MATCHES thread)
  target_compile_options(certifier_flags INTERFACE "SHELL:-include ${PROJECT_SOURCE_DIR}/cmake/protobuf_layout.h")
endif()
if(CERTIFIER_FUZZ)
  # libFuzzer's main is linked by tests/fuzz alone.
  target_compile_options(certifier_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
find_program(CERTIFIER_MOLD mold)
if(CERTIFIER_MOLD)
  target_link_options(certifier_flags INTERFACE -fuse-ld=mold)
endif()
