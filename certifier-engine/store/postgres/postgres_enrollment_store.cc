#include "store/postgres/postgres_enrollment_store.h"

namespace engine::store {

namespace {

tl::unexpected<result::Error> Full() {
  return result::Fail(result::Reason::kUnavailable, "too many requests wait for the database");
}

service::BatchBounds BoundsOf(const PostgresSettings& settings) {
  return {settings.max_batch, settings.max_queued, settings.batch_interval};
}

}  // namespace

PostgresEnrollmentStore::PostgresEnrollmentStore(const PostgresSettings& settings)
    : finder_(settings),
      writer_(settings),
      lookups_("finder", BoundsOf(settings),
               [this](std::vector<Lookup> lookups) { finder_.Process(std::move(lookups)); }),
      recordings_("writer", BoundsOf(settings),
                  [this](std::vector<Recording> recordings) { writer_.Process(std::move(recordings)); }) {}

void PostgresEnrollmentStore::Find(EnrollmentQuery query, Callback<EnrollmentFacts> done) {
  Lookup lookup = FactLookup{std::move(query), std::move(done)};
  if (!lookups_.Add(lookup)) std::get<FactLookup>(lookup).done(Full());
}

void PostgresEnrollmentStore::FindForPoll(RequestIdentity identity, Callback<std::optional<PriorRequest>> done) {
  Lookup lookup = PollLookup{std::move(identity), std::move(done)};
  if (!lookups_.Add(lookup)) std::get<PollLookup>(lookup).done(Full());
}

void PostgresEnrollmentStore::FindCertificates(CertificateQuery query, Callback<CertificateFacts> done) {
  Lookup lookup = CertificateLookup{std::move(query), std::move(done)};
  if (!lookups_.Add(lookup)) std::get<CertificateLookup>(lookup).done(Full());
}

void PostgresEnrollmentStore::FindActivity(ActivityQuery query, Callback<Activity> done) {
  Lookup lookup = ActivityLookup{std::move(query), std::move(done)};
  if (!lookups_.Add(lookup)) std::get<ActivityLookup>(lookup).done(Full());
}

void PostgresEnrollmentStore::Record(NewRequest request, Callback<RecordOutcome> done) {
  Recording recording{std::move(request), std::move(done)};
  if (!recordings_.Add(recording)) recording.done(Full());
}

}  // namespace engine::store
