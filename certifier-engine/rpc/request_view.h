#ifndef CERTIFIER_ENGINE_RPC_REQUEST_VIEW_H
#define CERTIFIER_ENGINE_RPC_REQUEST_VIEW_H

#include "certifier/v1/request.pb.h"
#include "enrollment/template_edit.h"

namespace engine::rpc {

// Fill shows a request with its approvals.
void Fill(const store::RequestRecord& record, const enrollment::HeldRequests& held, certifier::v1::Request& request);

// FillExtensions shows what the PKCS#10 asks for; nothing where it cannot be opened.
void FillExtensions(const store::RequestRecord& record, const enrollment::HeldRequests& held,
                    certifier::v1::Request& request);

// FillTemplate shows what a request that waits will get, if it does. Where the chain that shows it cannot be run, the
// view says why.
void FillTemplate(const store::RequestRecord& record, const enrollment::TemplateEdit& edit,
                  certifier::v1::TemplateView& view);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_REQUEST_VIEW_H
