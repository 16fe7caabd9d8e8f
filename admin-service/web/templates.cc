#include "web/templates.h"

#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "ctl/json_printer.h"
#include "web/embedded_files.h"

namespace web {

namespace {

namespace mustache = kainjow::mustache;

constexpr std::string_view kEnding = ".mustache";

mustache::data DataOf(const Model& model) {
  switch (model.type()) {
    case Model::value_t::object: {
      mustache::data data(mustache::data::type::object);
      for (const auto& [name, value] : model.items()) data.set(name, DataOf(value));
      return data;
    }
    case Model::value_t::array: {
      mustache::data data(mustache::data::type::list);
      for (const Model& item : model) data.push_back(DataOf(item));
      return data;
    }
    case Model::value_t::string: {
      const auto& text = model.get_ref<const std::string&>();
      return text.empty() ? mustache::data(false) : mustache::data(text);
    }
    case Model::value_t::boolean:
      return mustache::data(model.get<bool>());
    case Model::value_t::number_integer:
    case Model::value_t::number_unsigned:
    case Model::value_t::number_float:
      return mustache::data(model.dump());
    case Model::value_t::null:
    case Model::value_t::binary:
    case Model::value_t::discarded:
      break;
  }
  return mustache::data(false);
}

}  // namespace

Model ModelOf(const google::protobuf::Message& message) {
  return Model::parse(ctl::PrintJson(message));
}

std::string Render(const std::string& name, const Model& model) {
  mustache::data data = DataOf(model);
  const EmbeddedFile* wanted = nullptr;
  for (const EmbeddedFile& file : EmbeddedFiles()) {
    if (!file.name.ends_with(kEnding)) continue;
    const std::string_view stem = file.name.substr(0, file.name.size() - kEnding.size());
    if (stem == name) wanted = &file;
    // A name with an underscore is a part of others, which no model has.
    if (stem.starts_with("_")) data.set(std::string(stem), std::string(file.content));
  }
  if (wanted == nullptr) throw std::logic_error("no template " + name);
  mustache::mustache page{std::string(wanted->content)};
  std::string html = page.is_valid() ? page.render(data) : "";
  if (!page.is_valid() || !page.error_message().empty()) {
    throw std::logic_error("template " + name + ": " + page.error_message());
  }
  return html;
}

}  // namespace web
