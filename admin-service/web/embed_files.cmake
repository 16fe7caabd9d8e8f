# Writes OUTPUT, a C++ file with every file of FILES (a ;-list) as EmbeddedFiles(), under its name.
set(entries "")
foreach(path IN LISTS FILES)
  get_filename_component(name ${path} NAME)
  file(READ ${path} content)
  file(SHA256 ${path} digest)
  string(SUBSTRING ${digest} 0 16 digest)
  string(APPEND entries "      {\"${name}\", \"${digest}\", R\"embedded(${content})embedded\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"web/embedded_files.h\"\n\nnamespace web {\n\n"
  "const std::vector<EmbeddedFile>& EmbeddedFiles() {\n  static const std::vector<EmbeddedFile> kFiles = {\n"
  "${entries}  };\n  return kFiles;\n}\n\n}  // namespace web\n")
