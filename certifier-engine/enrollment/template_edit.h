#ifndef CERTIFIER_ENGINE_ENROLLMENT_TEMPLATE_EDIT_H
#define CERTIFIER_ENGINE_ENROLLMENT_TEMPLATE_EDIT_H

#include "certifier/v1/policy_document.pb.h"
#include "enrollment/held_request.h"

namespace engine::enrollment {

// TemplateEdit is how operators look at what a pending request will get, and change it: the view_request and
// update_request chains. Immutable; blocks on the database.
class TemplateEdit {
 public:
  // References must outlive it.
  struct Parts {
    store::AdministrationStore& store;
    store::DecisionJournal& journal;
    const HeldRequests& held;
  };
  explicit TemplateEdit(Parts parts) : parts_(parts) {}

  // View runs view_request over the template of a pending request. The result's template is to be shown only where the
  // chain accepts. Errors are those of HeldRequests::Run.
  result::Result<HeldRequests::Judged> View(const store::RequestRecord& record) const;
  // Save puts `edited` in the place of the template of this version, as update_request leaves it, and voids the
  // approvals of that version. What changes nothing voids none. Not found; malformed for a template that cannot be
  // read; conflict if the request is not pending, or its template is of another version; policy refused where the chain
  // does not accept. Each changes nothing.
  result::Result<void> Save(std::int64_t request_id, std::uint32_t template_version,
                            const certifier::v1::CertificateTemplate& edited, const std::string& edited_by) const;

 private:
  const Parts parts_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_TEMPLATE_EDIT_H
