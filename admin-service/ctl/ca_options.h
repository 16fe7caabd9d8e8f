#ifndef CERTIFIER_ADMIN_SERVICE_CTL_CA_OPTIONS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_CA_OPTIONS_H

#include <string>
#include <utility>
#include <vector>

#include "certifier/v1/ca_options.pb.h"
#include "result/result.h"

namespace ctl {

// SetOption reads "name=value" into `options`: names as in the proto, with '-' or '_'; on or off; a number; a word of
// the option's own, such as "leaf+issuer"; or a text. Malformed, with what the option takes in the detail.
result::Result<void> SetOption(certifier::v1::CaOptions& options, const std::string& assignment);

// OptionName is the proto's name of what people may also write with '-'. Malformed for no option's name, with all names
// in the detail.
result::Result<std::string> OptionName(const std::string& name);

// OptionTexts are the fields that are present, by name, as SetOption takes them.
std::vector<std::pair<std::string, std::string>> OptionTexts(const certifier::v1::CaOptions& options);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_CA_OPTIONS_H
