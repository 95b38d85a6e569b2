// libcurl as its documentation advises for many transfers: a multi handle driven by epoll, easy handles used
// again, HTTP/1.1; bodies decoded by Boost.JSON's parse and value_to.
#include "peers/job.hpp"
#include "peers/plain_allotment.hpp"
#include "peers/stopwatch.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <curl/curl.h>
#include <optional>
#include <string>
#include <sys/epoll.h>
#include <vector>

namespace peer {

namespace json = boost::json;
using clock = std::chrono::steady_clock;

struct transfer {
    CURL* easy = nullptr;
    std::string body;
};

struct driver {
    explicit driver(bench::job const& of) : job(of), watch(of) {
        for (auto const& id : bench::assignment_ids())
            urls.push_back(job.url + bench::target_of(id));
    }

    bench::job const& job;
    bench::stopwatch watch;
    std::vector<std::string> urls;
    std::size_t asked = 0;
    CURLM* multi = curl_multi_init();
    int watched = epoll_create1(EPOLL_CLOEXEC);
    std::optional<clock::time_point> due; ///< when curl wants to be called whatever happens
    std::vector<transfer> transfers;
    curl_slist* fields = nullptr;
};

std::size_t write_body(char* bytes, std::size_t, std::size_t size, void* to) {
    static_cast<transfer*>(to)->body.append(bytes, size);
    return size;
}

int on_socket(CURL*, curl_socket_t socket, int what, void* of, void* known) {
    auto& self = *static_cast<driver*>(of);
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(self.watched, EPOLL_CTL_DEL, socket, nullptr);
        return 0;
    }
    epoll_event event{};
    if ((what & CURL_POLL_IN) != 0)
        event.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0)
        event.events |= EPOLLOUT;
    event.data.fd = socket;
    epoll_ctl(self.watched, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    if (!known)
        curl_multi_assign(self.multi, socket, of);
    return 0;
}

int on_timer(CURLM*, long timeout, void* of) {
    auto& due = static_cast<driver*>(of)->due;
    due.reset();
    if (timeout >= 0)
        due = clock::now() + std::chrono::milliseconds(timeout);
    return 0;
}

/// How long to wait for events, in milliseconds.
int patience(driver const& self) {
    if (!self.due)
        return -1;
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(*self.due - clock::now());
    return std::max(static_cast<int>(left.count()), 0);
}

void ask(driver& self, transfer& one) {
    one.body.clear();
    curl_easy_setopt(one.easy, CURLOPT_URL, self.urls[self.asked++ % self.urls.size()].c_str());
    curl_multi_add_handle(self.multi, one.easy);
}

void make(driver& self, transfer& one) {
    one.easy = curl_easy_init();
    curl_easy_setopt(one.easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(one.easy, CURLOPT_CAINFO, self.job.ca_file.c_str());
    curl_easy_setopt(one.easy, CURLOPT_HTTPHEADER, self.fields);
    curl_easy_setopt(one.easy, CURLOPT_USERAGENT, "bench");
    curl_easy_setopt(one.easy, CURLOPT_WRITEFUNCTION, write_body);
    curl_easy_setopt(one.easy, CURLOPT_WRITEDATA, &one);
    curl_easy_setopt(one.easy, CURLOPT_PRIVATE, &one);
    curl_easy_setopt(one.easy, CURLOPT_NOSIGNAL, 1L);
}

void check(transfer const& one, CURLcode outcome) {
    long status = 0;
    curl_easy_getinfo(one.easy, CURLINFO_RESPONSE_CODE, &status);
    if (outcome != CURLE_OK)
        bench::give_up(curl_easy_strerror(outcome));
    if (status != 200)
        bench::give_up("an answer " + std::to_string(status));
    auto const found = json::value_to<allotment>(json::parse(one.body).at("value"));
    if (found.id != bench::expected_id || found.services.size() != bench::expected_services)
        bench::give_up("a wrong allotment");
}

void take_finished(driver& self) {
    int left = 0;
    while (auto const said = curl_multi_info_read(self.multi, &left)) {
        if (said->msg != CURLMSG_DONE)
            continue;
        auto const outcome = said->data.result;
        transfer* one = nullptr;
        curl_easy_getinfo(said->easy_handle, CURLINFO_PRIVATE, &one);
        curl_multi_remove_handle(self.multi, one->easy);
        check(*one, outcome);
        if (self.watch.answered())
            ask(self, *one);
    }
}

void run(driver& self) {
    self.fields = curl_slist_append(self.fields, "Accept: application/json");
    self.fields = curl_slist_append(self.fields, "Prefer: include-unknown-enum-members");
    self.fields = curl_slist_append(self.fields, ("Authorization: Bearer " + self.job.token).c_str());
    self.fields = curl_slist_append(self.fields, "client-request-id: 00000000-0000-4000-8000-000000000000");
    curl_multi_setopt(self.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(self.multi, CURLMOPT_SOCKETDATA, &self);
    curl_multi_setopt(self.multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(self.multi, CURLMOPT_TIMERDATA, &self);
    curl_multi_setopt(self.multi, CURLMOPT_MAXCONNECTS, static_cast<long>(self.job.connections));
    curl_multi_setopt(self.multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
    self.transfers.resize(self.job.connections);
    for (auto& each : self.transfers) {
        make(self, each);
        ask(self, each);
    }
    std::array<epoll_event, 128> events;
    int running = 0;
    while (!self.watch.over()) {
        auto const count =
            epoll_wait(self.watched, events.data(), static_cast<int>(events.size()), patience(self));
        for (int at = 0; at < count; ++at) {
            auto const& event = events[static_cast<std::size_t>(at)];
            int what = (event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0;
            what |= (event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0;
            what |= (event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0;
            curl_multi_socket_action(self.multi, event.data.fd, what, &running);
        }
        if (self.due && clock::now() >= *self.due) {
            self.due.reset();
            curl_multi_socket_action(self.multi, CURL_SOCKET_TIMEOUT, 0, &running);
        }
        take_finished(self);
    }
}

}

int main(int argc, char** argv) {
    auto const job = bench::read_job(argc, argv);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    peer::driver self(job);
    peer::run(self);
    self.watch.print();
}
