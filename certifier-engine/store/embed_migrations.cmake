# Writes OUTPUT, a C++ file with every migration in MIGRATIONS (a ;-list of numbered .sql files) as
# EmbeddedMigrations().
set(entries "")
foreach(path IN LISTS MIGRATIONS)
  get_filename_component(name ${path} NAME_WE)
  string(REGEX MATCH "^[0-9]+" number ${name})
  math(EXPR version "1${number} - 10000")
  file(READ ${path} sql)
  string(APPEND entries "      {${version}, \"${name}\", R\"migration(${sql})migration\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"store/postgres/migrations.h\"\n\nnamespace engine::store {\n\n"
  "const std::vector<Migration>& EmbeddedMigrations() {\n  static const std::vector<Migration> kMigrations = {\n"
  "${entries}  };\n  return kMigrations;\n}\n\n}  // namespace engine::store\n")
