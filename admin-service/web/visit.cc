#include "web/visit.h"

#include <array>

#include "web/access.h"
#include "web/static_files.h"

namespace web {

namespace {

struct Section {
  const char* name;
  const char* title;
  const char* path;
  bool is_for_all = true;  // Or for who may change operators alone.
};
constexpr std::array kSections = {Section{"home", "Home", "/"},
                                  Section{"requests", "Requests", "/requests"},
                                  Section{"entities", "Entities", "/entities"},
                                  Section{"certificates", "Certificates", "/certificates"},
                                  Section{"policies", "Policies", "/policies"},
                                  Section{"cas", "CAs", "/cas"},
                                  Section{"scep", "SCEP", "/scep-service"},
                                  Section{"audit", "Audit", "/audit"},
                                  Section{"doctor", "Doctor", "/doctor"},
                                  Section{"operators", "Operators", "/operators", false}};

Model Navigation(const certifier::v1::Operator& who, const std::string& current) {
  Model sections = Model::array();
  const bool is_super_user = May(who, certifier::v1::ACCESS_LEVEL_SUPER_USER, "");
  for (const Section& section : kSections) {
    if (!section.is_for_all && !is_super_user) continue;
    sections.push_back({{"title", section.title}, {"path", section.path}, {"is_current", section.name == current}});
  }
  return sections;
}

Response InLayout(Model layout, const std::string& main, const std::string& title) {
  layout["title"] = title;
  layout["main"] = main;
  layout["style_url"] = StaticUrl("style.css");
  layout["live_url"] = StaticUrl("live.js");
  layout["script_url"] = StaticUrl("app.js");
  layout["icon_url"] = StaticUrl("icon.svg");
  return Response{.body = Render("layout", layout)};
}

}  // namespace

Response ShowPage(const Visit& visit, const std::string& name, Model model, const Heading& heading) {
  model["csrf"] = visit.csrf;
  const Model layout = {
      {"login", visit.who.login()}, {"csrf", visit.csrf}, {"navigation", Navigation(visit.who, heading.section)}};
  return InLayout(layout, Render(name, model), heading.title);
}

Response ShowStrangersPage(const std::string& name, const Model& model, const std::string& title) {
  return InLayout({{"login", ""}, {"csrf", ""}}, Render(name, model), title);
}

Response Redirect(const std::string& to) {
  return Response{.status = 303, .body = "", .fields = {{"Location", to}}};
}

std::string PathSegment(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                          c == '.' || c == '_' || c == '~';
    const auto octet = static_cast<unsigned char>(c);
    if (is_plain) {
      escaped += c;
    } else {
      (escaped += '%').append({kDigits[octet >> 4], kDigits[octet & 15]});
    }
  }
  return escaped;
}

}  // namespace web
