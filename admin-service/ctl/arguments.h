#ifndef CERTIFIER_ADMIN_SERVICE_CTL_ARGUMENTS_H
#define CERTIFIER_ADMIN_SERVICE_CTL_ARGUMENTS_H

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ctl/audit_arguments.h"
#include "ctl/local_arguments.h"
#include "ctl/operator_arguments.h"
#include "ctl/policy_arguments.h"
#include "ctl/report_arguments.h"
#include "ctl/request_arguments.h"
#include "ctl/revocation_arguments.h"
#include "ctl/scep_arguments.h"
#include "ctl/search_arguments.h"
#include "ctl/watch_arguments.h"

namespace ctl {

// GlobalArguments hold for every command.
struct GlobalArguments {
  std::string server;
  std::string tls_ca;
  std::string tls_certificate;
  std::string tls_key;
  std::string context;        // Empty: the current one, where there is one.
  std::string contexts_file;  // Empty: DefaultContextsFile.
  std::string timeout = "10s";
  bool is_json = false;
};

struct CaCreate {
  std::string name;
  std::string subject;
  std::string key_algorithm;
  std::uint32_t days = 0;
  std::string policy;
  std::uint32_t registration_authority_bits = 0;
  std::string registration_authority;
  std::string issuer;
};
struct CaList {
  Watch watch;
};
struct CaShow {
  std::string name;
};
struct CaSet {
  std::string name;
  std::vector<std::string> options;  // NAME=VALUE.
  std::vector<std::string> reset;
  std::string policy;
  bool is_enabled = false;
  bool is_disabled = false;
  bool is_default = false;
};
struct CaStage {
  std::string name;
  std::string key_algorithm;
  std::uint32_t days = 0;
};
struct CaActivate {
  std::string name;
};
struct CaUnstage {
  std::string name;
};

struct EntityCreate {
  std::string name;
  std::string description;
  std::string subject;
  std::vector<std::string> alternative_names;
  std::vector<std::string> attributes;  // NAME=VALUE.
};
struct EntityShow {
  std::string name;
};
// EntitySet changes nothing of what it leaves out.
struct EntitySet {
  std::string name;
  std::optional<std::string> description;
  std::optional<std::string> subject;
  std::vector<std::string> alternative_names;
  bool has_any_alternative_name = false;  // Instead of those: the entity is bound to none.
  std::vector<std::string> attributes;    // NAME=VALUE.
  std::vector<std::string> removed_attributes;
};
struct EntityEnable {
  std::string name;
};
struct EntityDisable {
  std::string name;
};
struct EntityList {
  Search search;
  std::uint32_t limit = 100;
  Watch watch;
};

struct KeyCreate {
  std::string entity;
  std::string ca;
  std::uint32_t uses = 1;
  std::string not_before;
  std::string expires;
  std::string policy;
  std::string subject;
  std::vector<std::string> alternative_names;
  std::vector<std::string> attributes;  // NAME=VALUE.
  std::string value_file;               // Of a value that is not drawn; "-": standard input.
};
struct KeyShow {
  std::string reference_number;
};
struct KeyRekey {
  std::string reference_number;
  std::string value_file;  // As of KeyCreate.
};
struct KeyDisable {
  std::string reference_number;
};
struct KeyList {
  std::string entity;
  std::uint32_t limit = 100;
  Watch watch;
};

// KeyMint's empty fields and 0 uses leave the default to the engine.
struct KeyMint {
  std::string from;
  std::string out;
  std::string ca;
  std::uint32_t uses = 0;
  std::string not_before;
  std::string expires;
  std::string policy;
  bool creates_entities = false;
  std::string print;
  std::string url;
};

struct CertificateList {
  std::string ca;
  std::string status;
  Search search;
  std::uint32_t limit = 100;
  Watch watch;
};
struct CertificateShow {
  std::string serial_number;
  std::string ca;
};

struct CrlShow {
  std::string ca;
};

// Doctor needs no admin service for a URL.
struct Doctor {
  std::string target;  // A URL, or what `request explain` takes.
  std::string ca;
  std::string challenge_file;
  std::string fingerprint;
  std::string subject;
};

// Command is what the command line asked for; exactly one.
using Command =
    std::variant<CaCreate, CaList, CaShow, CaSet, CaStage, CaActivate, CaUnstage, EntityCreate, EntityShow, EntitySet,
                 EntityEnable, EntityDisable, EntityList, KeyCreate, KeyShow, KeyRekey, KeyDisable, KeyList, KeyMint,
                 PolicyApply, PolicyGet, PolicyList, PolicyHistory, PolicyDiff, PolicyModules, PolicyReplay, PolicyTest,
                 PolicyRollback, RequestList, RequestShow, RequestTemplate, RequestUpdate, RequestApprove,
                 RequestReject, RequestPostpone, RequestResume, RequestExplain, CertificateList, CertificateShow,
                 CertificateRevoke, CertificateRevokeAll, CertificateSuspend, CertificateReactivate, CrlShow, ScepShow,
                 ScepSet, ReportFailures, ReportOverdue, ReportExpiring, ReportIssuance, AuditList, AuditShow,
                 AuditExport, AuditKey, AuditVerify, Doctor, Init, LogIn, LogOut, WhoAmI, ChangePassword,
                 OperatorCreate, OperatorList, OperatorShow, OperatorSet, ContextList, ContextShow, ContextSet,
                 ContextUse, ContextRemove, Completion, Complete>;

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_ARGUMENTS_H
