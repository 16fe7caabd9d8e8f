#ifndef CERTIFIER_ADMIN_SERVICE_CTL_COMMANDS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_COMMANDS_H

#include <string>

#include "ctl/arguments.h"
#include "ctl/output.h"
#include "ctl/session.h"
#include "result/result.h"

namespace ctl {

// Run carries out one command: it asks the admin service and writes the answer. The errors are the service's, and
// malformed for arguments that make no sense by themselves.
result::Result<void> Run(Session& session, Output& output, const CaCreate& command);
result::Result<void> Run(Session& session, Output& output, const CaList& command);
result::Result<void> Run(Session& session, Output& output, const CaShow& command);
result::Result<void> Run(Session& session, Output& output, const CaSet& command);
result::Result<void> Run(Session& session, Output& output, const CaStage& command);
result::Result<void> Run(Session& session, Output& output, const CaActivate& command);
result::Result<void> Run(Session& session, Output& output, const CaUnstage& command);
result::Result<void> Run(Session& session, Output& output, const EntityCreate& command);
result::Result<void> Run(Session& session, Output& output, const EntityShow& command);
result::Result<void> Run(Session& session, Output& output, const EntitySet& command);
result::Result<void> Run(Session& session, Output& output, const EntityEnable& command);
result::Result<void> Run(Session& session, Output& output, const EntityDisable& command);
result::Result<void> Run(Session& session, Output& output, const EntityList& command);
result::Result<void> Run(Session& session, Output& output, const KeyCreate& command);
result::Result<void> Run(Session& session, Output& output, const KeyShow& command);
result::Result<void> Run(Session& session, Output& output, const KeyRekey& command);
result::Result<void> Run(Session& session, Output& output, const KeyDisable& command);
result::Result<void> Run(Session& session, Output& output, const KeyList& command);
result::Result<void> Run(Session& session, Output& output, const KeyMint& command);
result::Result<void> Run(Session& session, Output& output, const PolicyApply& command);
result::Result<void> Run(Session& session, Output& output, const PolicyGet& command);
result::Result<void> Run(Session& session, Output& output, const PolicyList& command);
result::Result<void> Run(Session& session, Output& output, const PolicyHistory& command);
result::Result<void> Run(Session& session, Output& output, const PolicyModules& command);
result::Result<void> Run(Session& session, Output& output, const PolicyReplay& command);
result::Result<void> Run(Session& session, Output& output, const PolicyRollback& command);
result::Result<void> Run(Session& session, Output& output, const PolicyTest& command);
result::Result<void> Run(Session& session, Output& output, const RequestList& command);
result::Result<void> Run(Session& session, Output& output, const RequestShow& command);
result::Result<void> Run(Session& session, Output& output, const RequestTemplate& command);
result::Result<void> Run(Session& session, Output& output, const RequestUpdate& command);
result::Result<void> Run(Session& session, Output& output, const RequestApprove& command);
result::Result<void> Run(Session& session, Output& output, const RequestReject& command);
result::Result<void> Run(Session& session, Output& output, const RequestPostpone& command);
result::Result<void> Run(Session& session, Output& output, const RequestResume& command);
result::Result<void> Run(Session& session, Output& output, const RequestExplain& command);
result::Result<void> Run(Session& session, Output& output, const CertificateList& command);
result::Result<void> Run(Session& session, Output& output, const CertificateShow& command);
result::Result<void> Run(Session& session, Output& output, const CertificateRevoke& command);
result::Result<void> Run(Session& session, Output& output, const CertificateRevokeAll& command);
result::Result<void> Run(Session& session, Output& output, const CertificateSuspend& command);
result::Result<void> Run(Session& session, Output& output, const CertificateReactivate& command);
result::Result<void> Run(Session& session, Output& output, const CrlShow& command);
result::Result<void> Run(Session& session, Output& output, const ScepShow& command);
result::Result<void> Run(Session& session, Output& output, const ScepSet& command);
result::Result<void> Run(Session& session, Output& output, const Init& command);
result::Result<void> Run(Session& session, Output& output, const LogIn& command);
result::Result<void> Run(Session& session, Output& output, const LogOut& command);
result::Result<void> Run(Session& session, Output& output, const WhoAmI& command);
result::Result<void> Run(Session& session, Output& output, const ChangePassword& command);
result::Result<void> Run(Session& session, Output& output, const OperatorCreate& command);
result::Result<void> Run(Session& session, Output& output, const OperatorList& command);
result::Result<void> Run(Session& session, Output& output, const OperatorShow& command);
result::Result<void> Run(Session& session, Output& output, const OperatorSet& command);
result::Result<void> Run(Session& session, Output& output, const ReportFailures& command);
result::Result<void> Run(Session& session, Output& output, const ReportOverdue& command);
result::Result<void> Run(Session& session, Output& output, const ReportExpiring& command);
result::Result<void> Run(Session& session, Output& output, const ReportIssuance& command);
result::Result<void> Run(Session& session, Output& output, const AuditList& command);
result::Result<void> Run(Session& session, Output& output, const AuditShow& command);
result::Result<void> Run(Session& session, Output& output, const AuditExport& command);
result::Result<void> Run(Session& session, Output& output, const AuditKey& command);

// Verify says what is wrong first with an exported audit log: kOk where nothing is, else kChecksFailed. The errors are
// malformed for what is no export, no key or no checkpoint, and not found for a file that is not there.
result::Result<ExitCode> Verify(Output& output, const AuditVerify& command);

// Compare writes how two documents of a policy differ: kOk where they do not, else kDifferent. The errors are Run's.
result::Result<ExitCode> Compare(Session& session, Output& output, const PolicyDiff& command);

// Diagnose examines a SCEP server and writes what it found: kOk, or kChecksFailed. The errors are malformed for
// arguments that make no sense, and internal.
result::Result<ExitCode> Diagnose(const GlobalArguments& global, Output& output, const Doctor& command);

// NextStep says what a person can do about `error` of `command`; empty where the error says it all.
std::string NextStep(const Command& command, const result::Error& error);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_COMMANDS_H
