#include "pki/cms_framing.h"

#include <string_view>

namespace pki {

namespace {

result::Result<void> CheckFiller(ByteView octets) {
  if (octets.find_first_not_of(std::string_view("\0\r\n", 3)) != ByteView::npos) {
    return result::Fail(result::Reason::kMalformed, "octets behind the message");
  }
  return {};
}

}  // namespace

result::Result<std::unique_ptr<const Bytes>> OwnDefinite(ByteView message) {
  der::Reader reader(message);
  const auto outer = reader.Next(der::kSequence);
  if (outer.has_value() && der::IsDefinite(outer->encoding)) {
    RETURN_IF_ERROR(CheckFiller(reader.rest()));
    return std::make_unique<const Bytes>(outer->encoding);
  }
  std::size_t consumed = 0;
  ASSIGN_OR_RETURN(Bytes rewritten, der::Definite(message, consumed));
  RETURN_IF_ERROR(CheckFiller(message.substr(consumed)));
  return std::make_unique<const Bytes>(std::move(rewritten));
}

result::Result<ByteView> ReadContentInfo(ByteView message, ByteView content_type) {
  ASSIGN_OR_RETURN(const der::Tlv outer, der::ReadOnly(message, der::kSequence));
  der::Reader reader(outer.value);
  ASSIGN_OR_RETURN(const der::Tlv type, reader.Next(der::kObjectIdentifier));
  if (type.value != content_type) return result::Fail(result::Reason::kMalformed, "unexpected content type");
  ASSIGN_OR_RETURN(const der::Tlv content, reader.Next(der::Context(0, true)));
  RETURN_IF_ERROR(reader.Finish());
  ASSIGN_OR_RETURN(const der::Tlv sequence, der::ReadOnly(content.value, der::kSequence));
  return sequence.value;
}

Bytes WriteContentInfo(ByteView content_type, der::Part content) {
  using der::Part;
  return Part::Element(der::kSequence, {der::Encode(der::kObjectIdentifier, content_type),
                                        Part::Element(der::Context(0, true), {std::move(content)})})
      .Write();
}

}  // namespace pki
