#include "web/http_server.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "pki/secret.h"
#include "rpc/source_calls.h"
#include "service/log.h"
#include "service/worker_pool.h"
#include "web/request_framing.h"
#include "web/tls_socket.h"

namespace web {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAcceptPause(100);  // Where the process has no descriptor left.
constexpr char kStreamRetrySeconds[] = "30";
constexpr char kFormType[] = "application/x-www-form-urlencoded";

// MemoryStream is the head of one request to cpp-httplib, and what it answers.
class MemoryStream final : public httplib::Stream {
 public:
  MemoryStream(std::string_view head, std::string source) : head_(head), source_(std::move(source)) {}
  bool is_readable() const override { return !head_.empty(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    const std::size_t count = head_.copy(to, size);
    head_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* from, size_t size) override {
    answer_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = source_;
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  socket_t socket() const override { return INVALID_SOCKET; }
  const std::string& answer() const { return answer_; }

 private:
  std::string_view head_;
  std::string source_;
  std::string answer_;
};

// cpp-httplib's own reader drops a field that repeats another with its value, and lists have such.
void AddFormFields(std::string_view body, httplib::Params& fields) {
  while (!body.empty()) {
    const std::string_view field = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(body.size(), field.size() + 1));
    const std::size_t equals = std::min(field.find('='), field.size());
    if (field.empty()) continue;
    const std::string name(field.substr(0, equals)), value(field.substr(std::min(equals + 1, field.size())));
    fields.emplace(httplib::detail::decode_url(name, true), httplib::detail::decode_url(value, true));
  }
}

Request RequestOf(const httplib::Request& from) {
  Request request;
  request.method = from.method == "HEAD" ? "GET" : from.method;
  request.path = from.path;
  request.parameters = from.params;
  request.cookie = from.get_header_value("Cookie");
  request.host = from.get_header_value("Host");
  request.origin = from.get_header_value("Origin");
  request.is_watching = from.has_header("Certifier-Watching");
  request.fetch_site = from.get_header_value("Sec-Fetch-Site");
  request.source = from.remote_addr;
  return request;
}

// Peer is who is at the other end of a connection.
struct Peer {
  std::string source;
  std::optional<pki::PeerCertificate> certificate;
};

// Place is held by a stream for as long as it lasts.
using Place = std::shared_ptr<void>;

struct Stream {
  NextPiece next;
  Place place;
};

// RequestParser is cpp-httplib as a reader of heads and a writer of answers, of one connection: it owns no socket, and
// gets only what FrameOf let through.
class RequestParser final : public httplib::Server {
 public:
  // `enter` is a place for a stream, or null.
  RequestParser(const web::Handler& handler, const Peer& peer, std::function<Place()> enter)
      : handler_(handler), peer_(peer), enter_(std::move(enter)) {
    // Before its routing, whose regular expressions recurse as deep as a path is long.
    set_pre_routing_handler([this](const httplib::Request& from, httplib::Response& to) {
      Request request = RequestOf(from);
      request.certificate = peer_.certificate;
      Response response = handler_(request);
      if (response.next && from.method != "HEAD") Begin(from, response);
      to.status = response.status;
      for (const auto& [name, value] : response.fields) to.set_header(name, value);
      to.set_content(response.body, response.content_type);
      return HandlerResponse::Handled;
    });
    set_exception_handler([](const httplib::Request&, httplib::Response& to, std::exception_ptr) {
      to.status = 500;
      to.set_content("internal error\n", "text/plain");
    });
  }

  // Answer is the whole answer in octets, or a stream's beginning; `is_last` is in and out whether the connection ends
  // with it.
  std::string Answer(std::string_view head, std::string body, bool& is_last) {
    MemoryStream stream(head, peer_.source);
    const auto setup = [&body](httplib::Request& request) {
      // Nothing is compressed: a form's token would stand beside what a stranger may have put into a page.
      request.headers.erase("Accept-Encoding");
      const std::string type = request.get_header_value("Content-Type");
      if (type.starts_with(kFormType)) AddFormFields(body, request.params);
      request.body = std::move(body);
    };
    bool closes = is_last;
    process_request(stream, is_last, closes, setup);
    is_last = is_last || closes || stream_;
    return stream_ ? std::move(beginning_) : stream.answer();
  }

  // What the last answer was the beginning of.
  std::optional<Stream> TakeStream() { return std::exchange(stream_, std::nullopt); }

 private:
  // A stream has no length: it ends with its connection.
  void Begin(const httplib::Request& from, Response& response) {
    Place place = enter_();
    if (place == nullptr) {
      service::LogWarning("web_streams_full", {{"path", from.path}, {"source", from.remote_addr}});
      response.status = 503;
      response.content_type = "text/plain; charset=utf-8";
      response.body = "too many streams\n";
      response.fields.emplace_back("Retry-After", kStreamRetrySeconds);
      return;
    }
    beginning_ = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: " + response.content_type + "\r\n";
    for (const auto& [name, value] : response.fields) beginning_.append(name).append(": ").append(value) += "\r\n";
    beginning_.append("\r\n").append(response.body);
    stream_.emplace(Stream{std::move(response.next), std::move(place)});
  }

  const web::Handler& handler_;
  const Peer& peer_;
  const std::function<Place()> enter_;
  std::optional<Stream> stream_;
  std::string beginning_;
};

std::string Refusal(int status) {
  return "HTTP/1.1 " + std::to_string(status) + " Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
}

std::string AddressOf(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* octets = address.ss_family == AF_INET
                           ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr)
                           : static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
  inet_ntop(address.ss_family, octets, text.data(), text.size());
  return text.data();
}

}  // namespace

struct HttpServer::State {
  State(Settings given, web::Handler answers) : settings(std::move(given)), handler(std::move(answers)) {}

  // Connection is known as one that is being served from Serve on, until it goes.
  struct Connection {
    Connection(State& owner, int descriptor) : state(owner), socket(descriptor) {}
    ~Connection() { state.Remember(socket.get(), false); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    State& state;
    Socket socket;
    std::string source;
    Place place;  // Among those of its source.
  };

  void AcceptAll();
  void Serve(const std::shared_ptr<Connection>& connection);
  // Talk ends with the connection, or with the stream that goes on with it.
  std::optional<Stream> Talk(TlsSocket& tls, const Peer& peer);
  void Say(TlsSocket& tls, const NextPiece& next);
  // EnterStream is a place for one more stream to `source`, or null.
  Place EnterStream(const std::string& source);
  // ReadRequest waits for the first request in `input`. A head of 0 octets: there is none, and no more comes.
  Frame ReadRequest(TlsSocket& tls, std::string& input);
  void Remember(int socket, bool is_open);

  Settings settings;
  const web::Handler handler;
  std::optional<pki::TlsServer> tls;
  Socket listener;
  std::atomic<bool> is_draining = false;
  std::mutex mutex;         // Guards the one below.
  std::set<int> connected;  // Descriptors of the connections that are being served.
  std::atomic<std::uint64_t> streams = 0;
  std::optional<service::WorkerPool> pool, stream_pool;
  admin::SourceCalls sources{settings.limits.max_per_source};
  admin::SourceCalls streaming_sources{settings.limits.max_streams_per_source};
  std::thread acceptor;
};

void HttpServer::State::AcceptAll() {
  while (!is_draining) {
    pollfd waiting{listener.get(), POLLIN, 0};
    if (poll(&waiting, 1, -1) < 0 && errno != EINTR) return;
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    const auto connection = std::make_shared<Connection>(
        *this, accept4(listener.get(), reinterpret_cast<sockaddr*>(&address), &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    const int socket = connection->socket.get();
    if (socket < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        std::this_thread::sleep_for(kAcceptPause);
      }
      continue;
    }
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->source = AddressOf(address);
    connection->place = sources.Enter(connection->source);
    if (connection->place == nullptr) continue;
    // A full pool drops the task, and with it the connection and its place.
    (void)pool->TryRun([this, connection] { Serve(connection); });
  }
}

void HttpServer::State::Remember(int socket, bool is_open) {
  const std::lock_guard lock(mutex);
  if (is_open) {
    connected.insert(socket);
  } else {
    connected.erase(socket);
  }
}

void HttpServer::State::Serve(const std::shared_ptr<Connection>& connection) {
  Remember(connection->socket.get(), true);
  if (is_draining) return;
  auto accepted = TlsSocket::Accept(*tls, connection->socket.get(), Clock::now() + settings.limits.request_timeout);
  if (!accepted) return;
  const auto talk = std::make_shared<TlsSocket>(*std::move(accepted));
  const auto stream = Talk(*talk, {connection->source, talk->Peer()});
  if (!stream) return;
  connection->place.reset();
  // There is a thread for each place.
  (void)stream_pool->TryRun([this, connection, talk, stream = *stream] { Say(*talk, stream.next); });
}

Place HttpServer::State::EnterStream(const std::string& source) {
  const Place of_source = streaming_sources.Enter(source);
  if (of_source == nullptr) return nullptr;
  Place place(this, [this, of_source](void*) { --streams; });
  return ++streams > settings.limits.max_streams ? nullptr : place;
}

void HttpServer::State::Say(TlsSocket& socket, const NextPiece& next) {
  const auto end = Clock::now() + settings.limits.stream_lifetime;
  for (auto round = Clock::now(); round < end;) {
    round = std::min(end, Clock::now() + settings.limits.stream_interval);
    if (!socket.IsQuietUntil(round)) break;
    const auto piece = next();
    if (!piece || !socket.Write(*piece, Clock::now() + settings.limits.request_timeout)) break;
  }
  socket.Close();
}

Frame HttpServer::State::ReadRequest(TlsSocket& socket, std::string& input) {
  const HttpLimits& limits = settings.limits;
  if (input.empty()) {
    const auto more = socket.Read(input, Clock::now() + limits.idle_timeout);
    if (!more || !*more) return {};
  }
  const auto deadline = Clock::now() + limits.request_timeout;
  while (true) {
    const auto frame = FrameOf(input, {limits.max_head_octets, limits.max_body_octets});
    if (!frame) {
      (void)socket.Write(Refusal(frame.error()), Clock::now() + limits.request_timeout);
      return {};
    }
    if (frame->head != 0 && input.size() >= frame->head + frame->body) return *frame;
    const auto more = socket.Read(input, deadline);
    if (!more || !*more) return {};
  }
}

std::optional<Stream> HttpServer::State::Talk(TlsSocket& socket, const Peer& peer) {
  RequestParser parser(handler, peer, [this, &peer] { return EnterStream(peer.source); });
  std::string input;
  bool is_last = false;
  while (!is_last) {
    const Frame frame = ReadRequest(socket, input);
    if (frame.head == 0) break;
    is_last = is_draining;
    const std::string answer =
        parser.Answer(std::string_view(input).substr(0, frame.head), input.substr(frame.head, frame.body), is_last);
    input.erase(0, frame.head + frame.body);
    if (!socket.Write(answer, Clock::now() + settings.limits.request_timeout)) return std::nullopt;
  }
  if (auto stream = parser.TakeStream()) return stream;
  socket.Close();
  return std::nullopt;
}

HttpServer::HttpServer(Settings settings, Handler handler)
    : state_(std::make_unique<State>(std::move(settings), std::move(handler))) {}

HttpServer::~HttpServer() {
  Drain(std::chrono::milliseconds(0));
}

result::Result<void> HttpServer::Start() {
  ASSIGN_OR_RETURN(auto tls, pki::TlsServer::FromPem(state_->settings.certificate_pem, state_->settings.key));
  if (const std::string& authorities = state_->settings.client_authorities_pem; !authorities.empty()) {
    RETURN_IF_ERROR(tls.AskForCertificates(authorities));
  }
  state_->tls = std::move(tls);
  pki::Wipe(state_->settings.key);
  ASSIGN_OR_RETURN(state_->listener, Listen(state_->settings.listen));
  state_->pool.emplace("web", state_->settings.limits.threads, state_->settings.limits.max_waiting);
  state_->stream_pool.emplace("web-stream", state_->settings.limits.max_streams, state_->settings.limits.max_streams);
  state_->acceptor = std::thread([this] { state_->AcceptAll(); });
  return {};
}

int HttpServer::port() const {
  return PortOf(state_->listener);
}

void HttpServer::Drain(std::chrono::milliseconds deadline) {
  state_->is_draining = true;
  shutdown(state_->listener.get(), SHUT_RDWR);
  if (state_->acceptor.joinable()) state_->acceptor.join();
  const auto until = Clock::now() + deadline;
  const auto hang_up = [this](int how) {
    const std::lock_guard lock(state_->mutex);
    for (const int socket : state_->connected) shutdown(socket, how);
    return state_->connected.empty();
  };
  // Who waits for a request sees the end of its input; who answers one still sends it.
  while (!hang_up(SHUT_RD) && Clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  hang_up(SHUT_RDWR);
  state_->pool.reset();
  state_->stream_pool.reset();
}

}  // namespace web
