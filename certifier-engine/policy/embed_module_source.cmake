# Writes OUTPUT, a C++ file with the octets of INPUT, a FileDescriptorSet, as engine::policy::ModuleSource().
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "(..)" "0x\\1," octets "${hex}")
file(WRITE ${OUTPUT} "#include \"policy/module_source.h\"\n\nnamespace engine::policy {\n\nnamespace {\n\n"
  "constexpr unsigned char kOctets[] = {${octets}};\n\n}  // namespace\n\n"
  "std::string_view ModuleSource() {\n  return {reinterpret_cast<const char*>(kOctets), sizeof(kOctets)};\n}\n\n"
  "}  // namespace engine::policy\n")
