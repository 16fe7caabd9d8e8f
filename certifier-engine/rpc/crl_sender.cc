#include "rpc/crl_sender.h"

#include <algorithm>

#include "timestamp.h"

namespace engine::rpc {

namespace {

constexpr std::size_t kPieceOctets = 256 << 10;

class Sender final : public CrlReactor {
 public:
  explicit Sender(std::shared_ptr<const authority::Crl> crl) : crl_(std::move(crl)) {
    auto& description = *response_.mutable_crl();
    description.set_crl_number(crl_->number);
    *description.mutable_this_update() = ToTimestamp(crl_->this_update);
    *description.mutable_next_update() = ToTimestamp(crl_->next_update);
    description.set_size(crl_->der.size());
  }

  void SendNext() {
    response_.set_piece(crl_->der.substr(sent_, kPieceOctets));
    sent_ += response_.piece().size();
    StartWrite(&response_);
  }

  void OnWriteDone(bool is_ok) override {
    if (!is_ok) return Finish(grpc::Status::CANCELLED);
    if (sent_ == crl_->der.size()) return Finish(grpc::Status::OK);
    response_.clear_crl();
    SendNext();
  }
  void OnDone() override { delete this; }

 private:
  const std::shared_ptr<const authority::Crl> crl_;
  certifier::v1::FetchCrlResponse response_;
  std::size_t sent_ = 0;
};

class Refuser final : public CrlReactor {
 public:
  explicit Refuser(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace

CrlReactor* SendCrl(std::shared_ptr<const authority::Crl> crl) {
  auto* sender = new Sender(std::move(crl));
  sender->SendNext();
  return sender;
}

CrlReactor* RefuseCrl(const grpc::Status& status) {
  return new Refuser(status);
}

}  // namespace engine::rpc
