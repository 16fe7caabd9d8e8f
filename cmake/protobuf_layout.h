#ifndef CERTIFIER_CMAKE_PROTOBUF_LAYOUT_H
#define CERTIFIER_CMAKE_PROTOBUF_LAYOUT_H

// Included first of all where ThreadSanitizer is built in: protobuf's header gives its map fields two members more
// then, of which Debian's library, which is built without, knows nothing. The standard library's own choice is made
// before.
#include <memory>

#pragma push_macro("__SANITIZE_THREAD__")
#undef __SANITIZE_THREAD__
#include <google/protobuf/map_field.h>
#pragma pop_macro("__SANITIZE_THREAD__")

#endif  // CERTIFIER_CMAKE_PROTOBUF_LAYOUT_H
